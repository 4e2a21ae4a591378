/// A fault planted in the real code, to prove that the simulator's invariants catch it (`Tests/Planted/table`).
///
/// In every build that users make ``isOn(_:)`` is the constant `false`, and the optimiser takes the fault out. Only
/// with the compilation condition `GAVEL_PLANTED` (`GAVEL_PLANTED=1 swift build`, in a build folder of its own) can
/// one be switched on, by name, once, at the start of a process.
public enum Planted: String, CaseIterable, Sendable {
    /// A peer's message is applied again where its number was applied last.
    case inboxUnchecked
    /// An outbox row is deleted when the one before it is acknowledged.
    case outboxForgottenEarly
    /// A service acknowledges one message more than it has applied.
    case appliedToldAhead
    /// A key with another body gets the remembered answer.
    case keyWithoutBody
    /// All parties share their keys.
    case keysOfAllParties
    /// A refusal is remembered under another key.
    case refusalForgotten
    /// A reply leaves before the commit is on the disk.
    case replyBeforeDurable
    /// A journal row's hash does not cover the row before.
    case journalWithoutChain
    /// A journal row of several commands holds the first alone.
    case commandsLeftOut
    /// A batch is stamped with a time before the last one.
    case clockGoesBack
    /// A timer fires twice.
    case timerFiresTwice
    /// A timer fires up to ten minutes early, where another is due.
    case timerFiresEarly
    /// A timer that is set wakes nobody.
    case timerOverlooked
    /// A cancelled timer stays.
    case timerNotCancelled
    /// An effect that was performed is performed again.
    case effectNeverEnds
    /// A full queue takes more.
    case queueWithoutBound
    /// An operator's message is taken from anybody.
    case anybodyOperates
    /// The gateway forwards after the sign-in has ended.
    case signOutUnheard
    /// The gateway takes any number of requests.
    case rateWithoutLimit
    /// Who is outbid keeps the hold.
    case releaseForgotten
    /// A bid's hold leaves out the VAT.
    case holdWithoutVAT
    /// Who is outbid is not told.
    case outbidUntold
    /// Bids are decided in the order of the wallet's answers.
    case orderOfTheWallet
    /// Of equal maximums the later wins.
    case laterOfEqualBids
    /// The house bids two steps above the lower maximum.
    case proxyStepTooHigh
    /// A bid at the current price is taken.
    case bidWithoutStep
    /// The auction ends while bids wait for their holds.
    case endWithoutWaiting
    /// A listing is listed any number of times.
    case roundsWithoutEnd
    /// An objection at the last microsecond is refused.
    case lastObjectionLate
    /// The payout falls due a day early.
    case payoutTooEarly
    /// The payout goes out while a case is open.
    case payoutDespiteCase
    /// After a rejected objection the payout is not scheduled again.
    case payoutForgottenAfterCase
    /// The contact is revealed at the award, before the money is captured.
    case revealBeforeCapture
    /// Who does not pay gets no strike.
    case strikeForgotten
    /// The runner-up is offered the lead at the winner's price.
    case offerAtWinnersPrice
    /// Withdrawing a bid sets the price back.
    case withdrawalLowersPrice
    /// A suspended seller's listings stay open.
    case suspendedSellerSells
    /// Anybody reads an order.
    case foreignOrderShown
    /// The commission is a cent too high.
    case commissionTooHigh
    /// VAT is taken on the price alone.
    case feeWithoutVAT
    /// A refund keeps the VAT.
    case refundWithoutVAT
    /// A refund does not count towards what is left.
    case refundUncounted
    /// Money that is held can be held again.
    case heldSpentTwice
    /// An invoice number is left out now and then.
    case invoiceNumberSkipped
    /// A refund writes no credit note.
    case creditNoteMissing
    /// Reading a contact leaves no line in the log.
    case readingUnlogged
    /// An erasure keeps the data keys.
    case erasureKeepsKey
    /// A rotation of the vault's key is told of and not carried out.
    case rotationForgotten
    /// The auction is not told that a prospect objected.
    case objectionUntold
    /// A prospect who objected can be listed again.
    case objectionForgotten
    /// The winner is told twice.
    case notifiedTwice
    /// Each attempt to send an e-mail has an id of its own.
    case emailUnderNewName
    /// The seller's silence decides nothing.
    case silenceIgnored
    /// A rejection before the meeting keeps the applicant's fee.
    case rejectionKeepsFee
    /// A rejection gives the fee back although a meeting was reported.
    case feeBackDespiteMeeting
    /// The contact is revealed unasked an hour early.
    case timedRevealEarly
    /// The prospect who does not answer is not reminded.
    case reminderForgotten
    /// Contact data may be written in a chat before the contact is revealed.
    case contactDataInChat
    /// A proxy number is leased again at once.
    case numberNeverRests
    /// A purchase after a call costs what the seller wants meanwhile.
    case priceNotFrozen
    /// Whoever did not get the lead keeps its proxy number.
    case othersKeepNumbers
    /// A lead sold to another charges the minute begun.
    case soldMinuteCharged
    /// A voicemail's time is charged.
    case voicemailCharged
    /// A rating is shown before the other side's is in.
    case ratingShownAlone
    /// The price is paid though one side alone reported the meeting.
    case paidAfterOneReport
    /// Nobody bears the fee of a sale that was undone.
    case cancellationFeeForgotten
    /// The ratings of a sale that was undone stay.
    case ratingsOutliveSale
    /// The bonus of a top-up is credited as paid-in money.
    case bonusAsPaidIn
    /// A call begins though the balance does not cover the least that it needs.
    case callWithoutMoney
    /// A call is charged for a minute more than it lasted.
    case callLongerThanItWas
    /// An erased caller's number keeps its data key.
    case callerKeyKept

    /// What is wrong, in one sentence without its full stop.
    public var what: String {
        switch self {
        case .inboxUnchecked: "a peer's message is applied again where its number was applied last"
        case .outboxForgottenEarly: "an outbox row is deleted when the one before it is acknowledged"
        case .appliedToldAhead: "a service acknowledges one message more than it has applied"
        case .keyWithoutBody: "a key with another body gets the remembered answer"
        case .keysOfAllParties: "all parties share their keys"
        case .refusalForgotten: "a refusal is remembered under another key"
        case .replyBeforeDurable: "a reply leaves before the commit is on the disk"
        case .journalWithoutChain: "a journal row's hash does not cover the row before"
        case .commandsLeftOut: "a journal row of several commands holds the first alone"
        case .clockGoesBack: "a batch is stamped with a time before the last one"
        case .timerFiresTwice: "a timer fires twice"
        case .timerFiresEarly: "a timer fires up to ten minutes early, where another is due"
        case .timerOverlooked: "a timer that is set wakes nobody"
        case .timerNotCancelled: "a cancelled timer stays"
        case .effectNeverEnds: "an effect that was performed is performed again"
        case .queueWithoutBound: "a full queue takes more"
        case .anybodyOperates: "an operator's message is taken from anybody"
        case .signOutUnheard: "the gateway forwards after the sign-in has ended"
        case .rateWithoutLimit: "the gateway takes any number of requests"
        case .releaseForgotten: "who is outbid keeps the hold"
        case .holdWithoutVAT: "a bid's hold leaves out the VAT"
        case .outbidUntold: "who is outbid is not told"
        case .orderOfTheWallet: "bids are decided in the order of the wallet's answers"
        case .laterOfEqualBids: "of equal maximums the later wins"
        case .proxyStepTooHigh: "the house bids two steps above the lower maximum"
        case .bidWithoutStep: "a bid at the current price is taken"
        case .endWithoutWaiting: "the auction ends while bids wait for their holds"
        case .roundsWithoutEnd: "a listing is listed any number of times"
        case .lastObjectionLate: "an objection at the last microsecond is refused"
        case .payoutTooEarly: "the payout falls due a day early"
        case .payoutDespiteCase: "the payout goes out while a case is open"
        case .payoutForgottenAfterCase: "after a rejected objection the payout is not scheduled again"
        case .revealBeforeCapture: "the contact is revealed at the award, before the money is captured"
        case .strikeForgotten: "who does not pay gets no strike"
        case .offerAtWinnersPrice: "the runner-up is offered the lead at the winner's price"
        case .withdrawalLowersPrice: "withdrawing a bid sets the price back"
        case .suspendedSellerSells: "a suspended seller's listings stay open"
        case .foreignOrderShown: "anybody reads an order"
        case .commissionTooHigh: "the commission is a cent too high"
        case .feeWithoutVAT: "VAT is taken on the price alone"
        case .refundWithoutVAT: "a refund keeps the VAT"
        case .refundUncounted: "a refund does not count towards what is left"
        case .heldSpentTwice: "money that is held can be held again"
        case .invoiceNumberSkipped: "an invoice number is left out now and then"
        case .creditNoteMissing: "a refund writes no credit note"
        case .readingUnlogged: "reading a contact leaves no line in the log"
        case .erasureKeepsKey: "an erasure keeps the data keys"
        case .rotationForgotten: "a rotation of the vault's key is told of and not carried out"
        case .objectionUntold: "the auction is not told that a prospect objected"
        case .objectionForgotten: "a prospect who objected can be listed again"
        case .notifiedTwice: "the winner is told twice"
        case .emailUnderNewName: "each attempt to send an e-mail has an id of its own"
        case .silenceIgnored: "the seller's silence decides nothing"
        case .rejectionKeepsFee: "a rejection before the meeting keeps the applicant's fee"
        case .feeBackDespiteMeeting: "a rejection gives the fee back although a meeting was reported"
        case .timedRevealEarly: "the contact is revealed unasked an hour early"
        case .reminderForgotten: "the prospect who does not answer is not reminded"
        case .numberNeverRests: "a proxy number is leased again at once"
        case .priceNotFrozen: "a purchase after a call costs what the seller wants meanwhile"
        case .othersKeepNumbers: "whoever did not get the lead keeps its proxy number"
        case .soldMinuteCharged: "a lead sold to another charges the minute begun of a live call"
        case .voicemailCharged: "a preliminary call that a voicemail took is charged"
        case .contactDataInChat: "contact data may be written in a chat before the contact is revealed"
        case .ratingShownAlone: "a rating is shown before the other side's is in"
        case .paidAfterOneReport: "the price is paid though one side alone reported the meeting"
        case .cancellationFeeForgotten: "nobody bears the fee of a sale that was undone"
        case .ratingsOutliveSale: "the ratings of a sale that was undone stay"
        case .bonusAsPaidIn: "the bonus of a top-up is credited as paid-in money"
        case .callWithoutMoney: "a call begins though the balance does not cover the least that it needs"
        case .callLongerThanItWas: "a call is charged for a minute more than it lasted"
        case .callerKeyKept: "an erased caller's number keeps its data key"
        }
    }

    #if GAVEL_PLANTED
        /// Whether faults can be switched on in this build.
        public static let isCompiledIn = true
        /// Set once before any other thread starts, so that reading it needs no lock.
        nonisolated(unsafe) private static var chosen: Planted?

        /// Switches one fault on for the rest of the process.
        public static func choose(_ fault: Planted) { chosen = fault }

        public static func isOn(_ fault: Planted) -> Bool { chosen == fault }
    #else
        /// Whether faults can be switched on in this build.
        public static let isCompiledIn = false

        /// Does nothing here: no fault is compiled in.
        public static func choose(_ fault: Planted) {}

        @inlinable @inline(__always) public static func isOn(_ fault: Planted) -> Bool { false }
    #endif
}
