import Kernel
import Messages
import Runtime
import WalletRules

/// The clocks of a preliminary call: its switch's silence, and the end of its money (D2, E3).
enum LeadCallClocks {
    /// Has the buyer and the switch told shortly before the money ends. More money makes that be told again.
    static func setWarning(_ stored: inout LeadCall, _ balance: PrepaidBalance, _ turn: Turn) throws {
        guard let end = stored.moneyEnds(with: balance) else { return }
        let at = end - stored.policy.callWarning
        if at > turn.now { stored.warned = false }
        guard !stored.warned else { return }
        var timer = CallNearsItsEnd()
        timer.call = stored.id
        try turn.schedule(timer, subject: stored.id.raw, at: max(turn.now, at))
    }

    /// The money is about to end, unless some came meanwhile.
    static func moneyEnds(_ stored: LeadCall, _ turn: Turn) throws {
        guard stored.stage == .inProgress else { return }
        var stored = stored
        let balance = try LeadDesk.of(stored.wallet, turn.store).balance
        guard let end = stored.moneyEnds(with: balance) else { return }
        guard end - stored.policy.callWarning <= turn.now else {
            return try setWarning(&stored, balance, turn)
        }
        stored.warned = true
        try LeadCalls.save(stored, turn.store)
        for party in [stored.telephoneSwitch, stored.buyer] {
            LeadCallTelling.send(
                .callMinutesShort, to: party, stored,
                [NotificationValue(.number, "\(stored.id)"), NotificationValue(.deadline, end)], turn)
        }
    }

    /// The switch has been silent for too long: the call ended when it last said that it went on.
    static func silent(_ stored: LeadCall, _ turn: Turn) throws {
        guard stored.stage == .inProgress else { return }
        let silent = stored.heardAt + stored.policy.callSilence
        guard silent <= turn.now else {
            return try CallClocks.awaitWord(of: stored.id, until: silent, turn)
        }
        if let refusal = try LeadCallSettling.settle(stored, .lost, as: .lost, turn) {
            throw WalletFault.movementRefused(refusal)
        }
    }
}

/// The end of a preliminary call: what it cost is taken, and the rest of its reserve is free again (D2, D3).
enum LeadCallSettling {
    /// The refusal of an end that cannot be; nothing was written then.
    static func settle(
        _ stored: LeadCall, _ end: CallEnd, as stage: CallStage, _ turn: Turn
    ) throws -> Refusal? {
        var desk = try LeadDesk.of(stored.wallet, turn.store)
        let call = Planted.isOn(.voicemailCharged) ? stored.call.takenForPerson : stored.call
        switch call.settled(end, on: desk.balance) {
        case .failure(let refusal): return refusal
        case .success(let settlement):
            desk.wallet.account = desk.wallet.account.freeing(stored.call.reserved.minor)
            try Accounts.save(desk.wallet, turn.store)
            let charge = settlement.charge.total
            let vat = LeadCallRules.vat(within: charge, stored.policy)
            var entry = EntryID.none
            if charge.minor > 0 {
                entry = try post(
                    LeadCallRules.charged(charge, vat: vat, to: stored.buyer, in: stored.marketplace), stored,
                    turn)
                LeadCallTelling.send(
                    .leadCallCharged, to: stored.buyer, stored,
                    [
                        NotificationValue(.amount, charge),
                        NotificationValue(.minutes, "\((settlement.charge.billedSeconds + 59) / 60)"),
                    ], turn)
            }
            let endedAt: Instant =
                switch end {
                case .hungUp(let at), .soldToAnother(let at): at
                case .lost, .notPutThrough: stored.call.confirmedAt
                }
            try LeadCalls.end(stored.id, stage, at: endedAt, settlement, vat: vat, entry, turn.store)
            try turn.cancel(CallFallsSilent.self, subject: stored.id.raw)
            try turn.cancel(CallNearsItsEnd.self, subject: stored.id.raw)
            return nil
        }
    }

    /// The house ends a call, and has the switch hang up (D5-D7).
    static func end(_ stored: LeadCall, _ reason: DetachReason, _ turn: Turn) throws {
        guard stored.stage == .inProgress else { return }
        let end = LeadCallRules.end(reason, at: stored.switchTime(at: turn.now))
        if let refusal = try settle(stored, end, as: .endedByHouse, turn) {
            throw WalletFault.movementRefused(refusal)
        }
        let why: KnownReason =
            switch reason {
            case .soldToAnother: .leadSold
            case .expired: .activationExpired
            case .fishing: .fishedForContacts
            case .bought, .declined: .activationEnded
            case .stopped, .neverOpened: .listingStopped
            }
        LeadCallTelling.send(
            .callMustEnd, to: stored.telephoneSwitch, stored,
            [NotificationValue(.number, "\(stored.id)"), NotificationValue(.reason, why.rawValue)], turn)
    }

    /// A purchase gives back what the calls before it cost, where the policy says so (D4).
    static func credit(_ line: ProxyLine, _ turn: Turn) throws {
        guard
            let policy = try Copies.marketplace(line.marketplace, version: line.policyVersion, turn.store)?
                .policy
        else { throw WalletFault.rowMissing("a line's policy") }
        let (gross, vat) = try LeadCalls.credit(line.activation, policy.currency, turn.store)
        guard gross.minor > 0 else { return }
        try Ledger.post(
            LeadCallRules.credited(gross, vat: vat, to: line.buyer, in: line.marketplace),
            EntryNote(order: line.activation), turn)
    }

    private static func post(_ posting: Posting?, _ stored: LeadCall, _ turn: Turn) throws -> EntryID {
        switch try Ledger.decide(posting, turn.store) {
        case .failure(let refusal): throw WalletFault.movementRefused(refusal)
        case .success(let entry): return try Ledger.write(entry, EntryNote(order: stored.activation), turn)
        }
    }
}

/// What is told of a preliminary call.
enum LeadCallTelling {
    static func send(
        _ event: NotificationEvent, to party: PartyID, _ stored: LeadCall, _ values: [NotificationValue],
        _ turn: Turn
    ) {
        var notify = Notify()
        notify.event = event
        notify.party = party
        notify.marketplace = stored.marketplace
        notify.listing = stored.listing
        notify.order = stored.activation
        notify.subject = stored.id.raw
        notify.happenedAt = turn.now
        notify.values = values
        turn.send(notify, to: .notifications)
    }
}
