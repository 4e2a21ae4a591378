import Kernel
import Messages
import Runtime
import Testing
import Wire

@testable import Wallet

@Suite struct TopUpTests {
    @Test("E1 F2 a top-up is credited once, also when the provider answers three times")
    func once() throws {
        let desk = try Desk()
        var command = TopUp()
        command.amount = Desk.eur(5_000)
        _ = try desk.ask(command, as: Desk.buyer).get()
        #expect(try desk.balance(Desk.buyer).posted == Desk.eur(0))
        try desk.perform(times: 3)
        #expect(try desk.balance(Desk.buyer).available == Desk.eur(5_000))
        #expect(try desk.events(of: Desk.buyer) == [.topUpCredited])
        #expect(desk.providerFiles.count == 1)
        try desk.sound()
    }

    @Test(
        "E1 a declined top-up leaves no money; a slow one comes at the second enquiry; an unreachable provider is asked again"
    )
    func methods() throws {
        let desk = try Desk()
        for (method, attempts, state, event) in [
            ("sandboxDeclined", 1, .declined, .topUpFailed), ("sandboxSlow", 2, .settled, .topUpCredited),
            ("sandboxUnreachable", 3, .settled, .topUpCredited),
        ] as [(String, Int, PaymentState, NotificationEvent)] {
            var command = TopUp()
            command.amount = Desk.eur(100)
            command.method = method
            let payment = try desk.ask(command, as: Desk.buyer).get().payment
            for _ in 1..<attempts {
                try desk.perform()
                #expect(try desk.events(of: Desk.buyer).isEmpty)
                try desk.pass(.minutes(1))
            }
            try desk.perform()
            #expect(try desk.events(of: Desk.buyer) == [event])
            var query = GetPayment()
            query.payment = payment
            #expect(
                try desk.query(query, as: Desk.buyer, GetPaymentHandler.handle).get().payment.state == state)
            let hidden = try desk.query(query, as: Desk.seller, GetPaymentHandler.handle)
            #expect(throws: Refusal.self) { try hidden.get() }
        }
        #expect(try desk.balance(Desk.buyer).posted == Desk.eur(200))
        try desk.sound()
    }

    @Test(
        "F1 amounts that are zero, negative, too large or of another currency are refused, and so is an unknown method"
    )
    func refused() throws {
        let desk = try Desk()
        for (amount, method, reason) in [
            (Desk.eur(0), "sandbox", .amountOutOfRange), (Desk.eur(-1), "sandbox", .amountOutOfRange),
            (Desk.eur(.max), "sandbox", .amountOutOfRange), (Desk.eur(.min), "sandbox", .amountOutOfRange),
            (Money(100, .usd), "sandbox", .wrongCurrency), (Money(100, .none), "sandbox", .wrongCurrency),
            (Desk.eur(100), "cash", .invalidValue),
        ] as [(Money, String, RefusalCode)] {
            var command = TopUp()
            command.amount = amount
            command.method = method
            #expect(try desk.ask(command, as: Desk.buyer).refusal == reason, "\(amount) by \(method)")
        }
        #expect(try desk.sound().isEmpty)
    }

    @Test("F8 an operator credits a party with a reason; nobody else does")
    func manual() throws {
        let desk = try Desk()
        var command = CreditManually()
        command.party = Desk.buyer
        command.amount = Desk.eur(700)
        command.reason = "goodwill"
        #expect(try desk.ask(command, as: Desk.buyer).refusal == .forbidden)
        #expect(try desk.ask(command, as: Desk.operatorParty).get().posted == Desk.eur(700))
        command.party = PartyID(404)
        #expect(try desk.ask(command, as: Desk.operatorParty).refusal == .notFound)
        #expect(try desk.sound() == [.wallet: 700, .goodwill: -700])
    }
}

@Suite struct HoldFlowTests {
    @Test("A9 a hold is placed from the free balance, once; without cover it is refused with what is free")
    func placed() throws {
        let desk = try Desk()
        try desk.hold(1, 100)
        #expect(try desk.take(HoldRefused.self).map(\.reason) == [.insufficientFunds])
        try desk.topUp(Desk.buyer, 1_000)
        try desk.hold(1, 600)
        try desk.hold(1, 600)
        #expect(try desk.take(HoldPlaced.self).map(\.amount) == [Desk.eur(600), Desk.eur(600)])
        try desk.hold(2, 401)
        let refused = try #require(try desk.take(HoldRefused.self).first)
        #expect(refused.hold == HoldID(2) && refused.found == "4.00 EUR")
        let balance = try desk.balance(Desk.buyer)
        #expect(balance.held == Desk.eur(600) && balance.available == Desk.eur(400))
        try desk.sound()
    }

    @Test("A9 F1 holds for unknown parties, marketplaces and currencies are refused by name")
    func unknown() throws {
        let desk = try Desk()
        var message = PlaceHold()
        message.hold = HoldID(1)
        message.party = PartyID(404)
        message.marketplace = Desk.market
        message.amount = Desk.eur(1)
        for (change, reason) in [
            ({ $0.party = PartyID(404) }, .notFound), ({ $0.marketplace = MarketplaceID(9) }, .notFound),
            ({ $0.amount = Money(1, .usd) }, .wrongCurrency),
            ({ $0.amount = Desk.eur(0) }, .amountOutOfRange),
        ] as [((inout PlaceHold) -> Void, RefusalCode)] {
            var changed = message
            change(&changed)
            try desk.tell(changed)
            #expect(try desk.take(HoldRefused.self).map(\.reason) == [reason])
        }
    }

    @Test("A10 a released hold is free at once, and released twice it is free once")
    func released() throws {
        let desk = try Desk()
        try desk.topUp(Desk.buyer, 1_000)
        try desk.hold(1, 600)
        var raise = RaiseHold()
        raise.hold = HoldID(1)
        raise.amount = Desk.eur(900)
        raise.deadline = desk.now + .days(4)
        try desk.tell(raise)
        raise.amount = Desk.eur(1_001)
        try desk.tell(raise)
        #expect(try desk.take(HoldPlaced.self).map(\.amount) == [Desk.eur(600), Desk.eur(900)])
        #expect(try desk.take(HoldRefused.self).map(\.reason) == [.insufficientFunds])
        #expect(try desk.balance(Desk.buyer).held == Desk.eur(900))
        var release = ReleaseHold()
        release.hold = HoldID(1)
        for _ in 0..<2 { try desk.tell(release) }
        release.hold = HoldID(404)
        try desk.tell(release)
        #expect(try desk.balance(Desk.buyer).available == Desk.eur(1_000))
        try desk.tell(raise)
        #expect(try desk.take(HoldRefused.self).map(\.reason) == [.holdEnded])
        try desk.sound()
    }

    @Test(
        "F7 at its deadline a hold's owner is asked, hourly until it answers; only a disowned hold is given back"
    )
    func due() throws {
        let desk = try Desk()
        try desk.topUp(Desk.buyer, 1_000)
        try desk.hold(1, 100, deadline: desk.now + .hours(10))
        try desk.hold(2, 200, deadline: desk.now + .hours(5))
        try desk.pass(.seconds(17_999))
        #expect(try desk.take(HoldDue.self).isEmpty)
        try desk.pass(.seconds(1))
        #expect(try desk.take(HoldDue.self).map(\.hold) == [HoldID(2)])
        try desk.pass(.minutes(59))
        #expect(try desk.take(HoldDue.self).isEmpty)
        try desk.pass(.minutes(1))
        #expect(try desk.take(HoldDue.self).map(\.hold) == [HoldID(2)])
        var extend = ExtendHold()
        extend.hold = HoldID(2)
        extend.deadline = desk.now + .days(1)
        try desk.tell(extend)
        // A day of down time: both fell due, each is asked once.
        try desk.pass(.days(2))
        #expect(try desk.take(HoldDue.self).map(\.hold) == [HoldID(1), HoldID(2)])
        #expect(try desk.balance(Desk.buyer).held == Desk.eur(300))
        var disown = DisownHold()
        disown.hold = HoldID(2)
        try desk.tell(disown)
        #expect(try desk.balance(Desk.buyer).held == Desk.eur(100))
        var release = ReleaseHold()
        release.hold = HoldID(1)
        try desk.tell(release)
        try desk.pass(.days(2))
        #expect(try desk.take(HoldDue.self).isEmpty)
        try desk.sound()
    }
}

@Suite struct OrderMoneyTests {
    @Test(
        "A12 A15 an order is paid from its hold: the rest goes back, an invoice is numbered, the price is in escrow"
    )
    func collected() throws {
        let desk = try Desk()
        try desk.topUp(Desk.buyer, 20_000)
        try desk.hold(1, 15_000)
        try desk.collect(77, 10_000, hold: 1)
        try desk.collect(77, 10_000, hold: 1)
        let paid = try desk.take(OrderPaidFor.self)
        #expect(paid.map(\.invoiceNumber) == ["1-2027-000001", "1-2027-000001"])
        #expect(paid[0].total == Desk.eur(12_495))
        let balance = try desk.balance(Desk.buyer)
        #expect(balance.available == Desk.eur(7_505) && balance.held == Desk.eur(0))
        #expect(
            try desk.sound() == [
                .wallet: 7_505, .cash: -20_000, .escrow: 10_000, .feeRevenue: 500, .vatPayable: 1_995,
            ])
        #expect(try desk.events(of: Desk.buyer) == [.topUpCredited, .invoiceIssued])
    }

    @Test(
        "A19 an order is refused without cover, and paid from the free balance once there is some; numbers have no gap"
    )
    func afterAward() throws {
        let desk = try Desk()
        try desk.collect(77, 10_000)
        #expect(try desk.take(PaymentRefused.self).map(\.reason) == [.insufficientFunds])
        try desk.topUp(Desk.buyer, 30_000)
        try desk.collect(76, 10_000, hold: 404)
        try desk.collect(76, 0)
        try desk.collect(76, .max)
        try desk.collect(76, 100, seller: Desk.buyer)
        #expect(
            try desk.take(PaymentRefused.self).map(\.reason) == [
                .notFound, .amountOutOfRange, .amountOutOfRange, .invalidValue,
            ])
        try desk.collect(77, 10_000)
        try desk.collect(78, 10_000)
        #expect(try desk.take(OrderPaidFor.self).map(\.invoiceNumber) == ["1-2027-000001", "1-2027-000002"])
        try desk.sound()
    }

    @Test("A9 a hold that has ended or is another's pays for nothing")
    func endedHold() throws {
        let desk = try Desk()
        try desk.topUp(Desk.buyer, 30_000)
        try desk.hold(1, 12_495)
        var release = ReleaseHold()
        release.hold = HoldID(1)
        try desk.tell(release)
        try desk.collect(77, 10_000, hold: 1)
        #expect(try desk.take(PaymentRefused.self).map(\.reason) == [.holdEnded])
        try desk.sound()
    }

    @Test("A13 the seller is paid price less commission, once, and told")
    func paidOut() throws {
        let desk = try Desk()
        try desk.link(Desk.seller)
        #expect(try desk.take(PayoutAccountChanged.self).map(\.verified) == [true])
        try desk.topUp(Desk.buyer, 20_000)
        try desk.collect(77, 10_000)
        try desk.payOut(77)
        try desk.payOut(77)
        #expect(try desk.take(PayoutSettled.self).isEmpty)
        try desk.perform(times: 2)
        try desk.payOut(77)
        let settled = try desk.take(PayoutSettled.self)
        #expect(settled.map(\.amount) == [Desk.eur(8_500), Desk.eur(8_500)])
        #expect(settled[0].payment == settled[1].payment)
        #expect(try desk.events(of: Desk.seller) == [.payoutAccountVerified, .payoutMade])
        #expect(
            try desk.sound() == [
                .wallet: 7_505, .cash: -11_500, .escrow: 0, .feeRevenue: 500, .vatPayable: 1_995,
                .commissionRevenue: 1_500, .payoutClearing: 0,
            ])
    }

    @Test("A13 a declined payout stays in the seller's balance, which can be withdrawn to another account")
    func declined() throws {
        let desk = try Desk()
        try desk.topUp(Desk.buyer, 20_000)
        try desk.link(Desk.seller, "refusing")
        try desk.collect(77, 10_000)
        try desk.payOut(77)
        try desk.perform()
        #expect(try desk.take(PayoutDeclined.self).map(\.order) == [OrderID(77)])
        #expect(try desk.balance(Desk.seller).available == Desk.eur(8_500))
        var withdraw = WithdrawBalance()
        withdraw.amount = Desk.eur(8_501)
        #expect(try desk.ask(withdraw, as: Desk.seller).refusal == .insufficientFunds)
        try desk.link(Desk.seller, "slow account")
        try desk.pass(.minutes(1))
        try desk.perform()
        withdraw.amount = Desk.eur(8_500)
        _ = try desk.ask(withdraw, as: Desk.seller).get()
        try desk.perform()
        try desk.pass(.minutes(1))
        try desk.perform()
        #expect(try desk.balance(Desk.seller).posted == Desk.eur(0))
        #expect(
            try desk.events(of: Desk.seller) == [
                .payoutAccountVerified, .payoutFailed, .payoutAccountVerified, .payoutMade,
            ])
        #expect(try desk.sound()[.payoutClearing] == 0)
    }

    @Test(
        "A3 an account that the provider does not know is not verified; without one the share stays in the balance"
    )
    func noAccount() throws {
        let desk = try Desk()
        try desk.link(Desk.seller, "declined account")
        #expect(try desk.take(PayoutAccountChanged.self).isEmpty)
        let query = GetPayoutAccount()
        #expect(
            try desk.query(query, as: Desk.seller, GetPayoutAccountHandler.handle).get().state == .declined)
        #expect(try desk.query(query, as: Desk.buyer, GetPayoutAccountHandler.handle).get().state == .missing)
        try desk.topUp(Desk.buyer, 20_000)
        try desk.collect(77, 10_000)
        try desk.payOut(77)
        #expect(try desk.take(PayoutDeclined.self).count == 1)
        #expect(try desk.balance(Desk.seller).available == Desk.eur(8_500))
        try desk.sound()
    }

    @Test(
        "A14 A15 a refund from escrow gives price, fee and VAT back, with a credit note that names the invoice"
    )
    func refunded() throws {
        let desk = try Desk()
        try desk.link(Desk.seller)
        try desk.topUp(Desk.buyer, 20_000)
        try desk.collect(77, 10_000)
        try desk.refund(77, 3_333)
        try desk.refund(77, 10_000)
        try desk.refund(77, 1)
        try desk.refund(404, 1)
        let refunded = try desk.take(OrderRefunded.self)
        #expect(refunded.map(\.refunded) == [Desk.eur(3_333), Desk.eur(6_667), Desk.eur(0), Desk.eur(0)])
        #expect(refunded.map(\.creditNoteNumber) == ["1-2027-C000001", "1-2027-C000002", "", ""])
        #expect(try desk.balance(Desk.buyer).available == Desk.eur(20_000))
        try desk.payOut(77)
        #expect(try desk.take(PayoutDeclined.self).map(\.reason) == ["nothing of the price is left"])
        #expect(
            try desk.sound() == [.wallet: 20_000, .cash: -20_000, .escrow: 0, .feeRevenue: 0, .vatPayable: 0])
        #expect(try desk.events(of: Desk.seller) == [.payoutAccountVerified])
    }

    @Test(
        "A17 a refund after the payout is the seller's debt: first from its free balance, the rest from later payouts"
    )
    func receivable() throws {
        let desk = try Desk()
        try desk.link(Desk.seller)
        try desk.topUp(Desk.buyer, 40_000)
        try desk.topUp(Desk.seller, 1_000)
        try desk.collect(77, 10_000)
        try desk.payOut(77)
        try desk.perform()
        try desk.refund(77, 10_000)
        #expect(try desk.balance(Desk.buyer).available == Desk.eur(40_000))
        let seller = try desk.balance(Desk.seller)
        #expect(seller.posted == Desk.eur(0) && seller.owed == Desk.eur(7_500))
        #expect(
            try desk.events(of: Desk.seller) == [
                .payoutAccountVerified, .topUpCredited, .payoutMade, .receivableDue,
            ])
        try desk.topUp(Desk.seller, 500)
        var withdraw = WithdrawBalance()
        withdraw.amount = Desk.eur(1)
        #expect(try desk.ask(withdraw, as: Desk.seller).refusal == .insufficientFunds)
        try desk.collect(78, 5_000)
        try desk.payOut(78)
        _ = try desk.take(PayoutSettled.self)
        try desk.payOut(78)
        let settled = try desk.take(PayoutSettled.self)
        #expect(
            settled.map(\.amount) == [Desk.eur(0)], "4,250 of the share is set off, nothing leaves the house")
        try desk.collect(79, 10_000)
        try desk.payOut(79)
        try desk.perform()
        #expect(try desk.take(PayoutSettled.self).map(\.amount) == [Desk.eur(5_250)])
        #expect(try desk.balance(Desk.seller).owed == Desk.eur(0))
        try desk.sound()
    }
}

@Suite struct PaperTests {
    @Test("F1 the balance at any instant past, and a statement that leads from one to the other")
    func statement() throws {
        let desk = try Desk()
        let beginning = desk.now
        try desk.topUp(Desk.buyer, 20_000)
        try desk.pass(.days(1))
        let day = desk.now
        try desk.collect(77, 10_000)
        try desk.refund(77, 5_000)
        try desk.pass(.days(1))
        #expect(try desk.balance(Desk.buyer, at: beginning - .seconds(1)).posted == Desk.eur(0))
        #expect(try desk.balance(Desk.buyer, at: beginning).posted == Desk.eur(20_000))
        #expect(try desk.balance(Desk.buyer, at: day - .seconds(1)).posted == Desk.eur(20_000))
        #expect(try desk.balance(Desk.buyer, at: day).posted == desk.balance(Desk.buyer).posted)
        var query = GetStatement()
        query.limit = 1
        var lines: [StatementLine] = []
        repeat {
            let page = try desk.query(query, as: Desk.buyer, GetStatementHandler.handle).get()
            lines += page.lines
            query.after = page.lines.last?.entry ?? .none
            #expect(page.more == (lines.count < 3) && page.opening == Desk.eur(0))
        } while lines.count < 3
        #expect(lines.map(\.kind) == [.topUp, .orderPaid, .orderRefunded])
        #expect(lines.map(\.balance.minor) == [20_000, 7_505, 13_752])
        query = GetStatement()
        query.from = day
        query.to = day + .seconds(1)
        let page = try desk.query(query, as: Desk.buyer, GetStatementHandler.handle).get()
        #expect(page.opening == Desk.eur(20_000) && page.closing == Desk.eur(13_752) && page.lines.count == 2)
    }

    @Test("A15 F9 a buyer lists and reads its documents in its language; to others they do not exist")
    func documents() throws {
        let desk = try Desk()
        var identity = BillingIdentityPublished()
        identity.party = Desk.buyer
        identity.identity = BillingIdentityID(512)
        identity.country = "DE"
        try desk.tell(identity, from: .contactVault)
        try desk.topUp(Desk.buyer, 20_000)
        try desk.collect(77, 10_000)
        identity.identity = BillingIdentityID(513)
        try desk.tell(identity, from: .contactVault)
        try desk.refund(77, 10_000)
        let page = try desk.query(ListInvoices(), as: Desk.buyer, ListInvoicesHandler.handle).get()
        #expect(page.invoices.map(\.kind) == [.creditNote, .invoice] && !page.more)
        #expect(page.invoices[0].corrects == page.invoices[1].invoice)
        #expect(page.invoices.map(\.total) == [Desk.eur(12_495), Desk.eur(12_495)])
        var ofOrder = ListInvoices()
        for (order, found) in [(OrderID(77), page.invoices.map(\.invoice)), (OrderID(78), [])] {
            ofOrder.order = order
            for reader in [Desk.buyer, Desk.operatorParty] {
                let papers = try desk.query(ofOrder, as: reader, ListInvoicesHandler.handle).get()
                #expect(papers.invoices.map(\.invoice) == found)
            }
            let sellers = try desk.query(ofOrder, as: Desk.seller, ListInvoicesHandler.handle).get()
            #expect(sellers.invoices.isEmpty)
        }
        var query = GetInvoice()
        query.invoice = page.invoices[1].invoice
        let invoice = try desk.query(query, as: Desk.buyer, GetInvoiceHandler.handle).get()
        #expect(invoice.recipientIdentity == BillingIdentityID(512), "the version at the issue")
        #expect(invoice.content.contains("Rechnungsangaben Fassung 512"))
        query.invoice = page.invoices[0].invoice
        query.format = .html
        let creditNote = try desk.query(query, as: Desk.operatorParty, GetInvoiceHandler.handle).get()
        #expect(creditNote.recipientIdentity == BillingIdentityID(513))
        #expect(creditNote.mediaType == "text/html" && creditNote.content.contains("1-2027-000001"))
        let hidden = try desk.query(query, as: Desk.seller, GetInvoiceHandler.handle)
        query.invoice = InvoiceID(404)
        let absent = try desk.query(query, as: Desk.seller, GetInvoiceHandler.handle)
        #expect(hidden.refusal == .notFound && absent.refusal == .notFound)
        var ofOther = ListInvoices()
        ofOther.party = Desk.buyer
        #expect(try desk.query(ofOther, as: Desk.seller, ListInvoicesHandler.handle).refusal == .notFound)
        ofOther.limit = 101
        #expect(
            try desk.query(ofOther, as: Desk.operatorParty, ListInvoicesHandler.handle).refusal
                == .invalidValue)
    }

    @Test("A15 numbers begin again with the marketplace's year")
    func newYear() throws {
        let desk = try Desk()
        desk.now = try #require(Instant(iso8601: "2027-12-31T22:59:59Z"))
        try desk.topUp(Desk.buyer, 100_000)
        try desk.collect(1, 1_000)
        try desk.collect(2, 1_000)
        try desk.pass(.seconds(1))
        try desk.collect(3, 1_000)
        try desk.refund(1, 1_000)
        #expect(
            try desk.take(OrderPaidFor.self).map(\.invoiceNumber) == [
                "1-2027-000001", "1-2027-000002", "1-2028-000001",
            ])
        #expect(try desk.take(OrderRefunded.self).map(\.creditNoteNumber) == ["1-2028-C000001"])
        try desk.sound()
    }

    @Test("F5 a closed party's payout account is forgotten")
    func closed() throws {
        let desk = try Desk()
        try desk.link(Desk.seller)
        var party = PartyPublished()
        party.party = Desk.seller
        party.marketplace = Desk.market
        party.state = .closed
        try desk.tell(party, from: .contactVault)
        #expect(try desk.take(PayoutAccountChanged.self).map(\.verified) == [true, false])
        let state = try desk.query(GetPayoutAccount(), as: Desk.seller, GetPayoutAccountHandler.handle).get()
            .state
        #expect(state == .replaced)
    }
}

extension Result where Failure == Refusal {
    var refusal: RefusalCode? {
        if case .failure(let refusal) = self { refusal.reason } else { nil }
    }
}
