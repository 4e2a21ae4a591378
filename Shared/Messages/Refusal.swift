import Kernel
import Wire

/// Why a request was not carried out. Stable numbers: a code is never reused.
public enum RefusalCode: UInt8, WireEnum {
    // The request itself.
    case malformed = 1
    case unknownMessage = 2
    case tooLarge = 3
    case invalidValue = 4
    case invalidText = 5
    case keyMissing = 6
    case keyReused = 7
    case keyExpired = 8
    case tooLate = 9
    // Who asks.
    case notSignedIn = 20
    case tokenExpired = 21
    case tokenInvalid = 22
    case forbidden = 23
    case notVerified = 24
    case suspended = 25
    case credentialsWrong = 26
    case emailTaken = 27
    // Load and availability.
    case overloaded = 40
    case rateLimited = 41
    case unavailable = 42
    case stopping = 43
    case internalError = 44
    case storeBehind = 45
    case clockNotSettable = 46
    case clockBackwards = 47
    // What is asked for.
    case notFound = 60
    case wrongState = 61
    case wrongCurrency = 62
    case contactDataInText = 63
    // Listings and bids.
    case payoutAccountMissing = 80
    case inquiryTooOld = 81
    case answerMissing = 82
    case basisMissing = 83
    case refusalKnown = 84
    case durationNotOffered = 85
    case duplicateLead = 86
    case prospectObjected = 87
    case listingClosed = 88
    case ownListing = 89
    case bidTooLow = 90
    case highestBidderBound = 91
    case secondRoundUsed = 92
    case hasBids = 93
    case offerLapsed = 94
    case alreadyApplied = 95
    case contractNotAccepted = 96
    case cardMissing = 97
    case alreadyActivated = 100
    case noProxyNumber = 101
    case adviceNotTaken = 104
    case cancellationOpen = 105
    case cancellationRefused = 106
    case saleCancelled = 107
    // Money.
    case insufficientFunds = 110
    case holdEnded = 111
    case amountOutOfRange = 112
    // Disputes.
    case windowClosed = 130
    case caseOpen = 131
    case caseDecided = 132
    case orderNotFrozen = 133
    // Contacts.
    case notRevealed = 150
    case erased = 151

    /// Whether the same request may succeed later, sent again unchanged.
    public var retryable: Bool {
        switch self {
        case .overloaded, .rateLimited, .unavailable, .stopping, .tooLate, .internalError: true
        default: false
        }
    }

    /// Whether the side that refuses closes the connection after the refusal.
    public var closes: Bool {
        switch self {
        case .malformed, .tooLarge, .storeBehind: true
        default: false
        }
    }

    /// One sentence for protocol.md.
    public var meaning: String {
        switch self {
        case .malformed: "The frame or body breaks the encoding."
        case .unknownMessage: "No message has this code, or it may not be sent here."
        case .tooLarge: "The frame is longer than the limit in force."
        case .invalidValue: "A field's value is outside its range."
        case .invalidText: "A text is too long, empty where it must not be, or holds control characters."
        case .keyMissing: "A command came without an idempotency key."
        case .keyReused: "The key was used before with another body."
        case .keyExpired: "The key is older than the retention of remembered replies."
        case .tooLate: "The time left ran out before the request was taken up."
        case .notSignedIn: "The message needs a signed-in party."
        case .tokenExpired: "The token's time is over; refresh it."
        case .tokenInvalid: "The token was not issued here, was changed, or was revoked."
        case .forbidden: "The party's role does not allow this."
        case .notVerified: "The party is not confirmed or not yet verified by the operator."
        case .suspended: "The party or listing is suspended."
        case .credentialsWrong: "E-mail address and password do not belong together."
        case .emailTaken: "A party with this e-mail address exists in the marketplace."
        case .overloaded: "The queue is full; try again after the time given."
        case .rateLimited: "Too many requests from this party or address; try again after the time given."
        case .unavailable: "A service that is needed cannot be reached; try again after the time given."
        case .stopping: "The process is stopping; connect again."
        case .internalError: "A fault of ours; nothing was changed."
        case .storeBehind: "A store was restored from an older backup and refuses to serve."
        case .clockNotSettable: "The installation runs on the machine's clock."
        case .clockBackwards: "A settable clock only moves forward."
        case .notFound: "There is no such thing, or the party may not see it."
        case .wrongState: "The thing is not in a state that allows this."
        case .wrongCurrency: "The amount is not in the marketplace's currency."
        case .contactDataInText: "Free text holds contact data."
        case .payoutAccountMissing: "No verified payout account is linked (A3)."
        case .inquiryTooOld: "The prospect's inquiry is older than the policy allows (A1)."
        case .answerMissing: "A required question of the set-up is not answered (A1, A2)."
        case .basisMissing: "The basis for passing the lead on is not stated (A4)."
        case .refusalKnown: "The seller knows of a refusal by the prospect (A4)."
        case .durationNotOffered: "The duration is not one that the marketplace offers (A6)."
        case .duplicateLead: "The same person is on offer or was sold within the policy's window."
        case .prospectObjected: "The prospect objected to being passed on (F10)."
        case .listingClosed: "The listing is not open for bids or applications."
        case .ownListing: "A party can neither bid nor apply for its own listing."
        case .bidTooLow: "The bid is below the start price, or below the current bid plus the increment (A9)."
        case .highestBidderBound: "The highest bidder cannot withdraw (A10)."
        case .secondRoundUsed: "The one second round was used (A8)."
        case .hasBids: "The listing ended with bids; it cannot be listed again (A8)."
        case .offerLapsed: "The offer's deadline is over (A19)."
        case .alreadyApplied: "The party has applied for this listing before (B1)."
        case .contractNotAccepted: "The seller has not accepted that an award binds it (C8)."
        case .cardMissing: "The party has no data on file for its trading partners (C2)."
        case .alreadyActivated: "The party has a preliminary call for this listing under way (D1)."
        case .noProxyNumber: "All proxy numbers are leased or rest; one may be free later (D1)."
        case .adviceNotTaken: "The party has not been advised to speak with the other side first (C7)."
        case .cancellationOpen: "The cancellation of this sale is asked for and not answered yet (C7)."
        case .cancellationRefused: "The party asked to undo this sale before, and the contract stands (C7)."
        case .saleCancelled: "The sale was undone, or is being undone (C7)."
        case .insufficientFunds: "The free balance does not cover the amount (A9, F1)."
        case .holdEnded: "The hold was captured or released before."
        case .amountOutOfRange: "The amount is zero, negative, or larger than allowed."
        case .windowClosed: "The objection window is over (A14)."
        case .caseOpen: "A case is open on this order."
        case .caseDecided: "The case is decided."
        case .orderNotFrozen: "The order could not be frozen: it is paid out or refunded."
        case .notRevealed: "No rule has revealed this contact to the party (F4)."
        case .erased: "The contact was erased (F5)."
        }
    }
}

/// A request was not carried out: nothing changed.
public struct Refusal: AnswerMessage, Error {
    public static let code: UInt16 = 0x0040
    public var reason = RefusalCode.internalError
    /// What would have been accepted.
    public var expected = ""
    /// What was found instead; never contact data.
    public var found = ""
    /// When to try again, in milliseconds from now; 0: not at all, or at once.
    public var retryAfterMilliseconds: UInt32 = 0
    public init() {}
    public init(
        _ reason: RefusalCode, expected: String = "", found: String = "", retryAfterMilliseconds: UInt32 = 0
    ) {
        self.reason = reason
        self.expected = Refusal.bounded(expected)
        self.found = Refusal.bounded(found)
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    /// Why a body could not be read: a text that may not stand where it does, or a broken encoding.
    public init(_ error: WireError, reading title: String) {
        let isText =
            switch error {
            case .invalidText, .tooLong: true
            default: false
            }
        self.init(isText ? .invalidText : .malformed, expected: title, found: error.description)
    }

    /// The longest words that a refusal gives, in bytes.
    private static let longestWords = 400

    /// What was found may be as long as somebody else chose; a refusal that nobody can read helps nobody.
    private static func bounded(_ words: String) -> String {
        guard words.utf8.count > longestWords else { return words }
        var kept = ""
        var length = 3
        for character in words {
            length += character.utf8.count
            if length > longestWords { break }
            kept.append(character)
        }
        return kept + "…"
    }

    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("reason", &reason)
        try visit.field("expected", &expected, .limit(Refusal.longestWords))
        try visit.field("found", &found, .limit(Refusal.longestWords))
        try visit.field("retryAfterMilliseconds", &retryAfterMilliseconds)
    }
}
