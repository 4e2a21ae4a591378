/// What the auditor watches over; the raw value names it in reports and in the table of planted bugs.
public enum Invariant: String, CaseIterable, Sendable {
    // Money (F1).
    /// The legs of each entry, and all accounts of a currency, sum to zero.
    case debitsEqualCredits
    /// No account stands beyond the bound of its class.
    case balanceWithinBounds
    /// What is held on an account is the sum of its live holds, and never more than is posted.
    case availablePlusHeldIsPosted
    /// An account's balance is the sum of its legs.
    case accountIsItsLegs
    /// The ledger's entries are those that the commands and the policies ask for.
    case ledgerFollowsCommands
    /// A hold ends at most once, for the reason and with the capture that its owner gave.
    case holdEndsOnce
    /// Healed: no live hold is past its deadline, and none is without a bid or order that needs it.
    case holdNeeded
    /// No more goes back than was paid.
    case refundWithinPaid
    /// Invoice numbers have no gap, per marketplace, year and kind.
    case invoicesGapless
    /// Documents, ledger and payouts of each order tell of the same money, and the escrow holds what is left.
    case invoicesAreLedger
    /// A call's verdict, reserve, length and charge are what the tariff gives by a calculation of the auditor's own (D, E).
    case callByTariff
    /// A caller's paid-in and bonus money are the sums of their postings, and cover its calls' reserves.
    case fundsAreLedger
    /// Bonus money is spent on calls and services, and never paid out (E2).
    case bonusNeverPaidOut
    /// Healed: whoever was charged has the contact, or the money back.
    case chargeHasRevealOrRefund

    // Keys and answers (F2, F3).
    case sameKeySameAnswer
    case keyReusedIsRefused
    case acknowledgedSurvives
    /// What was refused left no command in a journal.
    case refusedLeavesNothing

    // Journals and streams.
    case journalChain
    /// The same journal gives the same tables.
    case replayGivesSameState
    /// Messages between services are journaled once each, in order.
    case streamInOrder
    case outboxWithoutGap
    /// Healed: nothing is on its way, nobody waits, nothing is set aside.
    case converged
    /// What the house does in the world outside is not done again for ever.
    case effectEnds

    // The trade.
    case oneWinner
    /// Winner and price are what the published rule gives for the bids in order of arrival.
    case winnerByRule
    /// Only bids that the rule allows are taken, and none that it allows is refused as too low.
    case bidByRule
    /// A listing is where its journal puts it.
    case listingByRule
    /// An order moves along its life cycle, and only forward.
    case orderLifeCycle
    /// Each order that its winner lets lapse is a strike, and so many suspend (A19).
    case strikeByRule
    /// An application and its fee move as B1 to B5 say.
    case applicationByRule
    /// An appointment moves as C3 and C4 say, and its price with it.
    case meetingByRule
    /// An activation and its purchase move as D1, D4, D5 and D7 say, at the price that was frozen.
    case activationByRule
    /// A proxy number has one activation at a time, and rests in between (D1).
    case proxyLeasedOnce
    /// Strikes are recorded, disputed and decided as D6 says, and so many suspend.
    case fishingByRule
    /// A sale is undone as C7 says: asked, answered, with the fee on whoever asked, and without ratings.
    case cancellationByRule
    /// Ratings are given and shown as C5 says, and counted as C9 says.
    case ratingByRule
    /// A case moves as A14 and A17 say.
    case caseByRule

    // Contacts (F4, F5, F10).
    case noRevealBeforeCapture
    case revealHasGrant
    /// No contact is revealed to an applicant who was rejected in time (B3).
    case rejectedStaysHidden
    /// Each grant, reading and delivery has its line in the log, and no line is without one.
    case revealIsLogged
    case revealChain
    case erasedIsUnreadable
    /// A contact is listed and kept as the rules of claiming say.
    case contactByRule
    /// A caller's number is known under one id, sealed, until it is erased; a closed provider leaves neither callers nor
    /// switches (E10, F5).
    case callerByRule
    /// No answer, push or e-mail shows a contact to anybody without a grant, and nobody writes contact data in a chat
    /// before the contact is revealed.
    case contactStaysSealed

    // Notifications (F6).
    case notifiedOnce
    case notificationKept
    case emailOnce

    // Deadlines (F7).
    case deadlineNotEarly
    case deadlineOnce
    /// Healed: every deadline that is over has fired.
    case deadlineFires

    // What clients read.
    /// A listing that is read is as it was at some instant between question and answer.
    case readIsTrue
    case balanceIsLedger
    /// What a party may not see reads as absent (F9).
    case absentIsAbsent

    // Who may ask, and how much.
    /// After a sign-out its tokens and connections are answered nothing.
    case signOutHolds
    /// A message for some roles is answered to nobody without one of them.
    case onlyByRole
    /// No connection is answered more than its party may ask.
    case withinRate

    /// Queues and memory stay within their caps.
    case withinCaps
    /// A row or body that the auditor cannot read.
    case readable
}
