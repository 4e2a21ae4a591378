import Kernel
import Messages
import Storage
import Wire

/// Whose key it is, in which service: there it names one command for ever.
struct KeyName: Hashable {
    var service: ServiceName
    var party: UInt64
    var key: IdempotencyKey
}

/// A 64-bit FNV-1a hash: bodies are compared by it, and not kept.
func fingerprint(_ bytes: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
}

/// What clients were told under their keys (F2, F3).
final class KeyLedger {
    private struct Kept {
        var body: UInt64
        var answer: UInt16
        var answerBody: UInt64
        /// The reason of a refusal that was decided on the state, and so is remembered.
        var refusal: RefusalCode?
    }

    private struct Told {
        var name: KeyName
        var code: UInt16
        var at: Instant
        var refusal: RefusalCode?
        /// Whether the key may be a stranger's, because the connection's token may have expired, or that of a
        /// party to which a late answer bound the connection.
        var mayBeAnothers: Bool
    }

    private let findings: Findings
    private let rules: RuleCounter
    private var kept: [KeyName: Kept] = [:]
    private var bodies: [KeyName: Set<UInt64>] = [:]
    private(set) var journaled: [KeyName: UInt64] = [:]
    /// The last row under a key, whosever it is; the party of the name is 0.
    private var anybodys: [KeyName: UInt64] = [:]
    private var told: [Told] = []

    init(_ findings: Findings, _ rules: RuleCounter) {
        self.findings = findings
        self.rules = rules
    }

    /// Reasons that only a handler gives, looking at the state; such a refusal is remembered.
    static let ofState: Set<RefusalCode> = [
        .payoutAccountMissing, .inquiryTooOld, .answerMissing, .basisMissing, .refusalKnown,
        .durationNotOffered, .listingClosed, .ownListing, .bidTooLow, .highestBidderBound, .secondRoundUsed,
        .hasBids, .offerLapsed, .insufficientFunds, .windowClosed, .caseOpen, .caseDecided, .orderNotFrozen,
        .contactDataInText, .wrongCurrency, .emailTaken, .duplicateLead, .prospectObjected, .adviceNotTaken,
        .cancellationOpen, .cancellationRefused, .saleCancelled,
        .alreadyActivated, .noProxyNumber,
    ]

    /// Commands that wait for another service: journaled also when they are refused in the end.
    private static let deferred: Set<UInt16> = [
        PlaceBid.code, PublishListing.code, RelistListing.code, PayOrder.code, AnswerOffer.code,
        OpenObjection.code, ReportAttempt.code, Apply.code, ActivateCall.code, BuyLead.code,
    ]

    /// Answers that the edge completes anew each time: tokens, opened texts.
    private static let completed: Set<UInt16> = [
        SignIn.code, RefreshSignIn.code, ReadContact.code, VerifyParty.code, SuspendParty.code,
        ReinstateParty.code, RotateKeys.code, ReviewApplication.code, ProspectChats.code,
        RouteCall.code,
        ProposeAppointment.code, AcceptAppointment.code, RequestCancellation.code, AnswerCancellation.code,
    ]

    func sent(_ name: KeyName, _ code: UInt16, _ body: [UInt8]) {
        bodies[name, default: []].insert(asked(code, body))
    }

    /// A key names one message with one body; another message is another matter, also where the bodies are
    /// equal.
    private func asked(_ code: UInt16, _ body: [UInt8]) -> UInt64 {
        fingerprint([UInt8(truncatingIfNeeded: code), UInt8(code >> 8)] + body)
    }

    func answered(
        _ name: KeyName, _ code: UInt16, _ body: [UInt8], at: Instant, answer: UInt16, _ answerBody: [UInt8],
        refusal: RefusalCode?, mayBeAnothers: Bool
    ) {
        let body = asked(code, body)
        let entities = ["party \(name.party)", "key \(name.key.high)-\(name.key.low)", name.service.title]
        if refusal == .keyReused {
            if !mayBeAnothers, bodies[name]?.count ?? 0 < 2 {
                findings.report(
                    .sameKeySameAnswer,
                    "message \(code): expected its answer again, found keyReused for one body",
                    entities)
            }
            return
        }
        // An introduction is read at the edge, where nothing is remembered.
        let isOfEdge = code == Apply.code && refusal == .contactDataInText
        let isRemembered = !isOfEdge && refusal.map { KeyLedger.ofState.contains($0) } ?? true
        guard isRemembered else { return }
        let now = Kept(body: body, answer: answer, answerBody: fingerprint(answerBody), refusal: refusal)
        told.append(Told(name: name, code: code, at: at, refusal: refusal, mayBeAnothers: mayBeAnothers))
        if mayBeAnothers { return }
        guard let before = kept[name] else {
            kept[name] = now
            return
        }
        if before.body != body {
            findings.report(
                .keyReusedIsRefused,
                "message \(code): expected keyReused for another body, found \(refusal.map { "\($0)" } ?? "answer \(answer)")",
                entities)
        } else if before.answer != now.answer || before.refusal != now.refusal
            || before.answerBody != now.answerBody && !KeyLedger.completed.contains(code)
        {
            findings.report(
                .sameKeySameAnswer,
                "message \(code): expected \(describe(before)), found \(describe(now))", entities)
        } else {
            rules.note(.model("repeated"))
        }
    }

    private func describe(_ kept: Kept) -> String {
        kept.refusal.map { "refusal \($0)" } ?? "answer \(kept.answer) with body \(kept.answerBody)"
    }

    func take(_ row: JournalRow, _ service: ServiceName) {
        guard row.isClient, row.key != IdempotencyKey(high: 0, low: 0) else { return }
        let name = KeyName(service: service, party: row.party, key: row.key)
        if let before = journaled[name] {
            findings.report(
                .sameKeySameAnswer,
                "\(service.title): expected the key of row \(before) to act once, found it again in row \(row.sequence)",
                ["\(service.title) journal \(row.sequence)", "party \(row.party)"])
        }
        journaled[name] = row.sequence
        anybodys[KeyName(service: service, party: 0, key: row.key)] = row.sequence
    }

    /// What clients were told is in the journals, and stays so.
    func compare(_ stores: [ServiceName: ServiceStore], now: Instant) throws {
        for one in told where stores[one.name.service] != nil {
            var name = one.name
            var row = journaled[name]
            if row == nil, one.mayBeAnothers {
                name.party = 0
                row = one.refusal == nil ? anybodys[name] : journaled[name]
            }
            let entities = [
                "party \(one.name.party)", "key \(one.name.key.high)-\(one.name.key.low)",
                one.name.service.title,
            ]
            if one.refusal == nil {
                if row == nil {
                    findings.report(
                        .acknowledgedSurvives,
                        "message \(one.code), acknowledged \(one.at.iso8601): expected it in the journal, found nothing",
                        entities)
                } else {
                    rules.note(.model("acknowledged"))
                }
                continue
            }
            if let row, !KeyLedger.deferred.contains(one.code) {
                findings.report(
                    .refusedLeavesNothing,
                    "message \(one.code), refused \(one.at.iso8601): expected it in no journal, found it in row \(row)",
                    entities)
            }
            if !one.mayBeAnothers { try compareReply(one, stores, now: now, entities) }
        }
        told = []
    }

    /// A refusal that was decided on the state is remembered, as long as keys are.
    private func compareReply(
        _ one: Told, _ stores: [ServiceName: ServiceStore], now: Instant, _ entities: [String]
    ) throws {
        guard now < one.at + .days(25), now < Instant(microseconds: Int64(one.name.key.high)) + .days(25),
            let store = stores[one.name.service]
        else { return }
        let code = try store.read { store in
            try store.first(
                "SELECT code FROM gavel_replies WHERE party = ? AND key_high = ? AND key_low = ?",
                one.name.party, one.name.key.high, one.name.key.low
            ) { UInt16(truncatingIfNeeded: $0.int(0)) }
        }
        guard code != Refusal.code else { return }
        findings.report(
            .acknowledgedSurvives,
            "message \(one.code), refused \(one.at.iso8601): expected the refusal remembered, found \(code.map { "answer \($0)" } ?? "nothing")",
            entities)
    }
}
