import Kernel
import Messages

/// What the house charges providers of prepaid lines by the month, by a calculation of the auditor's own (E13).
extension PrepaidModel {
    /// A statement is due when the month after `from` begins, on the marketplace's wall clock.
    func awaitLineFees(_ provider: UInt64, from: Instant, _ marketplace: UInt32) {
        guard let policy = wallet.policies.newest(marketplace)?.policy else { return }
        statements[provider, default: 0] += 0
        let zone = LocalZone(minutes: policy.zoneMinutes, summerTime: policy.summerTime)
        var day = zone.wall(from).date.daysSinceEpoch
        let month = CivilDate(daysSinceEpoch: day).month
        while CivilDate(daysSinceEpoch: day).month == month { day += 1 }
        wallet.deadlines.set(
            LineFeesFallDue.code, provider, at: zone.start(of: CivilDate(daysSinceEpoch: day)))
    }

    func chargeLineFees(_ row: JournalRow) throws {
        let message = try row.decoded(LineFeesFallDue.self)
        let provider = message.provider.raw
        wallet.deadlines.fired(row, provider, "wallet", wallet.findings)
        guard let party = wallet.parties[provider],
            let policy = wallet.policies.newest(party.marketplace)?.policy
        else { return }
        let month = (paidIn[provider] ?? []).filter { $0.at >= message.from && $0.at < row.due }
        let base = max(0, month.map(\.amount).reduce(0, +))
        let own = Int64(profiles.values.filter { $0.provider == provider }.count)
        let fee = own * policy.lineFees.monthly + Cost.share(base, policy.lineFees.share)
        if party.state != .closed { awaitLineFees(provider, from: row.due, party.marketplace) }
        guard fee > 0 else { return }
        statements[provider, default: 0] += 1
        wallet.rules.note(.model("line fees"))
        wallet.chargeLineFees(
            Cost(price: 0, fee: fee, vat: Cost.share(fee, policy.vat)), provider, party.marketplace, policy,
            row)
    }
}

extension WalletModel {
    /// From the free balance, with what was owed before, as far as that goes; the rest is owed.
    func chargeLineFees(
        _ cost: Cost, _ provider: UInt64, _ marketplace: UInt32, _ policy: Policy, _ row: JournalRow
    ) {
        func key(_ kind: AccountClass, _ party: UInt64 = 0) -> Key {
            Key(marketplace: marketplace, party: party, currency: policy.currency.rawValue, kind: kind)
        }
        let owed = max(0, -(accounts[key(.receivable, provider)]?.posted ?? 0))
        let taken = min(cost.total + owed, max(0, free(key(.wallet, provider))))
        post(
            .lineFees, row,
            [
                (key(.wallet, provider), -taken), (key(.receivable, provider), taken - cost.total),
                (key(.feeRevenue), cost.fee), (key(.vatPayable), cost.vat),
            ])
        let zone = LocalZone(minutes: policy.zoneMinutes, summerTime: policy.summerTime)
        expectedDocuments[row.sequence, default: []].append(
            Document(
                kind: .invoice, subject: .lineFees, order: 0, recipient: provider, cost: cost,
                year: Int64(zone.wall(row.at).date.year), marketplace: marketplace))
    }
}
