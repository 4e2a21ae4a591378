import Messages

/// What somebody of the population is like, or does: every call belongs to one.
public enum Habit: String, CaseIterable, Sendable {
    // Trade as it should be.
    /// Applies for leads, and follows what comes of it.
    case applying
    /// A prospect acts on an application by its links.
    case reviewing
    /// Agrees on an appointment that was sold, and reports it.
    case meeting
    /// Wants a sale undone, or is asked to agree to that.
    case cancelling
    /// Runs a prepaid line, reports its calls, pays into a balance.
    case providing, switching, payingIn
    /// Calls prospects before it buys, or buys unheard.
    case activating
    case signingIn, joining, reading, browsing, bidding, withdrawing, paying, decidingOffers
    case selling, relisting, deleting, trading, talking, disputing, attempting, bookkeeping, funding
    /// Bids in the last seconds, and a moment after the end.
    case sniping
    /// Tells the operators what is wrong with a listing.
    case reporting
    // Operators.
    case overseeing, judging, suspending, governing, crediting, erasing
    /// A data subject, or who speaks for it.
    case objecting
    case leaving
    // What should not be.
    /// Sends everything twice.
    case repeating
    /// Uses a key again for something else.
    case lying
    /// Shows tokens that are no good, and names things of others.
    case forging
    /// Breaks the encoding, or sends what clients may not.
    case tampering
    case guessing
    case flooding
    /// Publishes with a mistake.
    case slipping
    /// Writes contact data into a text.
    case contactHiding
    /// Bids far more than it has.
    case overbidding
    /// Amounts that cannot be, in currencies that are not the market's.
    case miscounting
    /// Acts at a stage that does not allow it.
    case mistiming
    /// Texts too long, lists too long, pages of no size.
    case rambling
    /// Does what its role does not allow.
    case overstepping
}
