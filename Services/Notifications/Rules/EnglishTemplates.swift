import Messages

enum EnglishTemplates {
    static func template(_ event: NotificationEvent) -> Template {
        switch event {
        case .confirmEmail, .partyVerified, .partySuspended, .payoutAccountVerified, .topUpCredited,
            .topUpFailed,
            .receivableDue, .messageReceived:
            account(event)
        case .listingPublished, .listingDeleted, .listingSuspended, .listingExpired, .reviewDue,
            .prospectObjected,
            .bidLeading, .bidOutbid, .bidWithdrawn:
            auction(event)
        case .auctionWon, .auctionLost, .leadSold, .paymentDue, .paymentLapsed, .runnerUpOffer, .offerLapsed:
            award(event)
        case .contactRevealed, .paymentReceived, .handoverTips, .orderRefunded, .payoutStarted,
            .invoiceIssued,
            .creditNoteIssued, .payoutMade, .payoutFailed:
            order(event)
        case .objectionOpened, .statementDue, .statementReceived, .caseDecided, .caseRejected,
            .attemptReported:
            dispute(event)
        case .applicationFiled, .applicationAccepted, .applicationRevealed, .applicationRejected,
            .applicationStopped, .applicationFeeRefunded, .applicationFeeKept, .prospectReminded,
            .waysToReach, .opportunityPublished, .applicationReceived, .opportunityOver, .reviewRequested,
            .reviewReminder, .prospectMessage:
            application(event)
        case .contractConcluded, .appointmentProposed, .appointmentAgreed, .appointmentReminder, .meetingDue,
            .meetingReported, .reportReminder, .supportAsked, .appointmentUnsold, .ratingDue, .ratingShown:
            meeting(event)
        case .cancellationAsked, .cancellationRefused, .cancellationUnanswered, .saleCancelled,
            .meetingUnreported:
            cancellation(event)
        case .callMinutesShort, .callLengthened: call(event)
        case .callActivated, .activationExpired, .activationLost, .activationStopped, .fishingFound,
            .strikeDecided, .strikeContested, .leadCallCharged, .callMustEnd:
            preliminaryCall(event)
        }
    }

    private static func account(_ event: NotificationEvent) -> Template {
        switch event {
        case .confirmEmail:
            Template(
                "Please confirm your e-mail address",
                [
                    """
                    Welcome to {marketplace}! Please confirm your e-mail address with the link in our \
                    e-mail.
                    """,
                    "The link is valid until {deadline}.",
                ],
                mail: ["You did not register? Then simply ignore this e-mail."])
        case .partyVerified:
            Template("Your account is open", ["We have verified your account. You can trade now."])
        case .partySuspended:
            Template(
                "Your account is suspended",
                ["Your account at {marketplace} is suspended.", "Reason: {reason}."],
                mail: ["If you think that this is a mistake, please contact our support."])
        case .payoutAccountVerified:
            Template(
                "Your payout account is linked",
                ["Your payout account is verified. You can list leads now."])
        case .topUpCredited:
            Template(
                "Top-up credited",
                ["Your top-up has been credited.", "Amount: {amount}.", "Free balance: {balance}."])
        case .topUpFailed:
            Template(
                "Top-up failed",
                ["Your top-up failed; nothing was charged.", "Amount: {amount}.", "Reason: {reason}."])
        case .receivableDue:
            Template(
                "Amount owed for {lead}",
                [
                    """
                    The price of {lead} was refunded after your payout. We set the amount off against \
                    your balance.
                    """,
                    "Amount: {amount}.", "Reason: {reason}.",
                ])
        default:
            Template(
                "New message on order {order}",
                ["You have a new message about {lead}. Read and answer it in your account."])
        }
    }

    private static func auction(_ event: NotificationEvent) -> Template {
        switch event {
        case .listingPublished:
            Template(
                "Published: {lead}",
                ["The auction of {lead} is running.", "Start price: {price}.", "It ends on {endsAt}."])
        case .listingDeleted:
            Template(
                "Deleted: {lead}",
                ["The seller deleted the auction of {lead}. The hold on your balance is released."])
        case .listingSuspended:
            Template(
                "Suspended: {lead}",
                ["The auction of {lead} was suspended. Holds for bids are released.", "Reason: {reason}."])
        case .listingExpired:
            Template(
                "No bid: {lead}",
                [
                    """
                    The auction of {lead} ended without a bid. You may list it once more for a second \
                    round, with another start price if you wish.
                    """
                ])
        case .reviewDue:
            Template(
                "Regular review",
                ["We review sellers and leads at regular intervals. The review of {lead} is due now."])
        case .prospectObjected:
            Template(
                "Prospect's objection: {lead}",
                [
                    """
                    The prospect objected to being passed on. The offer of {lead} has ended, and the \
                    contact is erased. Holds are released.
                    """
                ])
        case .bidLeading:
            Template(
                "You are the highest bidder: {lead}",
                [
                    "Your bid on {lead} leads. It is binding as long as you are not outbid.",
                    "Your bid: {amount}.", "Current price: {price}.", "End: {endsAt}.",
                ])
        case .bidOutbid:
            Template(
                "You have been outbid: {lead}",
                [
                    "You have been outbid on {lead}. The hold on your balance is released.",
                    "Your bid: {amount}.", "Current price: {price}.", "The auction ends on {endsAt}.",
                ],
                mail: ["You may bid again or withdraw your bid."])
        default:
            Template("Bid withdrawn: {lead}", ["The bid on {lead} was withdrawn.", "Amount: {amount}."])
        }
    }

    private static func award(_ event: NotificationEvent) -> Template {
        switch event {
        case .auctionWon:
            Template(
                "Award: {lead} is yours",
                [
                    "Congratulations, {lead} has been awarded to you.", "Price: {price}.",
                    "Please pay by {deadline}.",
                ],
                mail: ["Once the payment is in, you get the contact by e-mail and in your account."])
        case .auctionLost:
            Template(
                "Not awarded: {lead}",
                ["The auction of {lead} is over; another bid won.", "Final price: {price}."])
        case .leadSold:
            Template(
                "Sold: {lead}", ["{lead} has found a buyer.", "Price: {price}."],
                mail: ["As soon as the buyer has paid, we tell you by e-mail and on your dashboard."])
        case .paymentDue:
            Template(
                "Payment due: {lead}",
                ["Please pay for {lead}.", "Price: {price}.", "The deadline is {deadline}."],
                mail: ["If the deadline lapses, the offer goes to the next bidder."])
        case .paymentLapsed:
            Template(
                "Payment deadline lapsed: {lead}",
                ["{lead} was not paid for in time. The award has lapsed.", "Price: {price}."])
        case .runnerUpOffer:
            Template(
                "An offer for you: {lead}",
                [
                    """
                    The highest bidder did not pay. You may buy {lead} at your own bid; you are free \
                    not to.
                    """,
                    "Price: {price}.", "The offer stands until {deadline}.",
                ])
        default:
            Template("Offer lapsed: {lead}", ["The offer of {lead} has lapsed."])
        }
    }

    private static func order(_ event: NotificationEvent) -> Template {
        switch event {
        case .contactRevealed:
            Template(
                "Contact for {lead}",
                [
                    "Your payment is in. You find the contact for {lead} in your account.",
                    "Price: {price}.", "You may open a dispute until {deadline}.",
                ],
                mail: [
                    """
                    Get in touch with the prospect at once if you can. With questions, write to the \
                    seller and our support on order {order}.
                    """
                ])
        case .paymentReceived:
            Template(
                "Payment received: {lead}",
                [
                    "The buyer has paid for {lead}. Please contact the prospect at once and hand over.",
                    "Price: {price}.",
                ],
                mail: ["After the hold period we pay the price less commission out by itself."])
        case .handoverTips:
            Template(
                "Tips for handing over {lead}",
                [
                    """
                    How to hand over {lead} well: call at once, name the buyer, and say why it is the \
                    right one.
                    """
                ],
                mail: [
                    """
                    Introduction e-mail:\n“Thank you for your inquiry. We are not the right ones for it \
                    ourselves, but can recommend a suitable provider, who will be in touch shortly.”
                    """,
                    """
                    Call script:\n1. Refer to the inquiry.\n2. Explain why you pass it on.\n3. \
                    Introduce the provider.\n4. Ask for the best time to call.
                    """,
                ])
        case .orderRefunded:
            Template(
                "Refund: {lead}",
                [
                    "There is a refund on the purchase of {lead}.", "Amount: {refund}.", "Reason: {reason}.",
                    "Credit note: {number}.",
                ])
        case .payoutStarted:
            Template(
                "Payout on its way: {lead}",
                ["The hold period of {lead} is over, your payout is on its way.", "Amount: {amount}."])
        case .invoiceIssued:
            Template(
                "Your invoice",
                [
                    "Your invoice is ready in your account.", "Number: {number}.", "Amount: {total}.",
                    "Lead: {title}.",
                ])
        case .creditNoteIssued:
            Template(
                "Your credit note",
                [
                    "Your credit note is ready in your account.", "Number: {number}.",
                    "It corrects invoice {invoice}.", "Amount: {total}.",
                ])
        case .payoutMade:
            Template(
                "Paid out: {lead}",
                [
                    "The price of {lead} less commission has been transferred to your payout account.",
                    "Amount: {amount}.",
                ])
        default:
            Template(
                "Payout failed: {lead}",
                [
                    """
                    The payout for {lead} failed. The amount stays in your balance. Please check your \
                    payout account.
                    """,
                    "Amount: {amount}.", "Reason: {reason}.",
                ])
        }
    }

    private static func dispute(_ event: NotificationEvent) -> Template {
        switch event {
        case .objectionOpened:
            Template(
                "Dispute: {lead}",
                [
                    "A dispute on the purchase of {lead} is open. The payout rests until it is decided.",
                    "Ground: {ground}.",
                ])
        case .statementDue:
            Template(
                "Your statement, please: dispute on {lead}",
                [
                    "The buyer of {lead} has opened a dispute. Please answer it in your account.",
                    "Ground: {ground}.", "Deadline: {deadline}.", "If you do not answer in time, {silence}.",
                ])
        case .statementReceived:
            Template(
                "Statement received: {lead}",
                ["There is a statement in the dispute on {lead}. Our support decides next."])
        case .caseDecided:
            Template(
                "Dispute decided: {lead}",
                ["The case on {lead} is decided; the buyer gets a refund.", "Amount: {refund}."])
        case .caseRejected:
            Template(
                "Dispute rejected: {lead}",
                ["The dispute on {lead} is rejected. The purchase stands, and the payout goes on."])
        default:
            Template(
                "Attempt reported: {lead}",
                [
                    "An attempt to reach the prospect of {lead} was reported.", "Outcome: {outcome}.",
                    "Attempts that count: {attempts}.",
                    """
                    Have you reached the prospect? Then report it until {deadline}; otherwise the price \
                    is refunded.
                    """,
                ])
        }
    }
}
