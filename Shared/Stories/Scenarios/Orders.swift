import Kernel
import Messages

extension Scenario {
    /// Payment, reveal, papers and talk (A12, A15, A18).
    static let orders: [Scenario] = [
        Scenario("A12 on payment the buyer gets the contact, in the account and by e-mail") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let order = try await cast.order(sale.order, as: sale.buyer)
            let now = try await house.now()
            try expect("stage", order.stage, .revealed)
            try expect("paid at the award", order.paidAt, now)
            try expect("total with 19 % VAT", order.total, cast.money(7_140))
            try expect("paid", try await cast.available(sale.buyer), 100_000 - 7_140)
            let contact = try await cast.readContact(sale.order, as: sale.buyer)
            try expect("name", contact.name.plaintext, sale.prospect.name)
            try expect("phones", contact.phones.map(\.plaintext), [sale.prospect.phone])
            try expect("e-mail", contact.email.plaintext, sale.prospect.email)
            try expect("address", contact.address.plaintext, sale.prospect.address)
            let mail = try await cast.mailed(sale.buyer, .contactRevealed, order: sale.order)
            for part in [sale.prospect.name, sale.prospect.phone, sale.prospect.email] {
                try expect("the e-mail holds \(part)", mail.body.contains(part))
            }
            let item = try await cast.told(sale.buyer, .contactRevealed, order: sale.order)
            try expect("the inbox holds no contact", !(item.title + item.text).contains(sale.prospect.phone))
        },
        Scenario("A12 the seller is told of the payment, with tips for the hand-over") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let notice = try await cast.mailed(cast.seller, .paymentReceived, order: sale.order)
            try expect("names the price", notice.body.contains("60.00"))
            let tips = try await cast.mailed(cast.seller, .handoverTips, order: sale.order)
            try expect("a template to copy", tips.body.count > 300)
            for mail in try await house.mail() where mail.recipient != sale.buyer.guest.email {
                for part in [sale.prospect.phone, sale.prospect.email] {
                    try expect("\(part) went to the buyer alone", !mail.body.contains(part))
                }
            }
            var handover = ConfirmHandover()
            handover.order = sale.order
            try await house.refuses(.forbidden, handover, as: sale.buyer.guest)
            try await cast.act(handover, as: cast.seller.guest)
            let now = try await house.now()
            try expect("handed over", try await cast.order(sale.order).handedOverAt, now)
        },
        Scenario("A12 a winner cannot pay twice for what was paid by the hold") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            var pay = PayOrder()
            pay.order = sale.order
            try await house.refuses(.wrongState, pay, as: sale.buyer.guest)
            try await house.refuses(.notFound, pay, as: cast.buyers[1].guest)
            try expect("paid once", try await cast.available(sale.buyer), 100_000 - 7_140)
        },
        Scenario("A15 the buyer gets an invoice by itself, numbered without a gap") { house in
            var policy = Policy()
            policy.buyerFee = BasisPoints(1_000)
            let cast = try await Cast.openMarketplace(house, policy: policy)
            var numbers: [String] = []
            for price: Int64 in [6_000, 7_001, 8_000] {
                let sale = try await cast.sellLead(at: price)
                let invoices = try await cast.invoices(of: sale.order, as: sale.buyer)
                try expect("one invoice", invoices.map(\.kind), [.invoice])
                let invoice = invoices[0]
                try expect("price", invoice.price, cast.money(price))
                try expect("10 % fee", invoice.fee, cast.money((price + 5) / 10))
                let sum = invoice.price.minor + invoice.fee.minor + invoice.vat.minor
                try expect("the parts are the total", invoice.total, cast.money(sum))
                try expect(
                    "the order names it", try await cast.order(sale.order).invoiceNumber, invoice.number)
                let mail = try await cast.mailed(sale.buyer, .invoiceIssued)
                try expect("the e-mail names it", mail.body.contains(invoice.number))
                numbers.append(invoice.number)
            }
            let ordinals = numbers.map { $0.split(separator: "-").last.map(String.init) ?? "" }
            try expect("numbers", ordinals, ["000001", "000002", "000003"])
        },
        Scenario("A15 a refund gets a credit note that names its invoice") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            let opened = try await cast.object(to: sale)
            try await house.advance(to: opened.statementDue + .microsecond)
            let papers = try await cast.invoices(of: sale.order, as: sale.buyer)
            try expect("invoice and credit note", papers.map(\.kind), [.invoice, .creditNote])
            try expect("names the invoice", papers[1].corrects, papers[0].invoice)
            try expect("the whole", papers[1].total, papers[0].total)
            try await cast.mailed(sale.buyer, .creditNoteIssued)
            var get = GetInvoice()
            get.invoice = papers[1].invoice
            let text = try await house.ask(get, as: sale.buyer.guest).content
            try expect("its text names the invoice", text.contains(papers[0].number))
            let order = try await cast.order(sale.order)
            try expect("the order names it", order.creditNoteNumber, papers[1].number)
        },
        Scenario("A15 an invoice is the buyer's: to others it does not exist") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            var get = GetInvoice()
            get.invoice = try await cast.invoices(of: sale.order, as: sale.buyer)[0].invoice
            get.format = .html
            let page = try await house.ask(get, as: sale.buyer.guest)
            try expect("HTML", page.content.hasPrefix("<!DOCTYPE html>") && page.mediaType == "text/html")
            try await house.refuses(.notFound, get, as: cast.buyers[1].guest)
            _ = try await house.ask(get, as: cast.operator)
        },
        Scenario("A15 an invoice names the version of the billing identity in force when it was issued") {
            house in
            let cast = try await Cast.openMarketplace(house)
            func set(_ street: String) async throws -> BillingIdentityID {
                var identity = SetBillingIdentity()
                identity.name = PersonalText("Bergmann Solar GmbH")
                identity.street = PersonalText(street)
                identity.postalCode = PersonalText("10115")
                identity.city = PersonalText("Berlin")
                identity.country = "DE"
                return try await cast.act(identity, as: cast.buyers[0].guest).identity
            }
            let old = try await set("Ackerstr. 1")
            let sale = try await cast.sellLead()
            let new = try await set("Brunnenstr. 2")
            try expect("a new version", new != old)
            var get = GetInvoice()
            get.invoice = try await cast.invoices(of: sale.order, as: sale.buyer)[0].invoice
            try expect("version", try await house.ask(get, as: sale.buyer.guest).recipientIdentity, old)
        },
        Scenario("A18 every order has a conversation of buyer, seller and support") { house in
            let cast = try await Cast.openMarketplace(house)
            let sale = try await cast.sellLead()
            var post = PostMessage()
            post.order = sale.order
            for (guest, text) in [
                (sale.buyer.guest, "When did you speak to Mrs Sommer?"),
                (cast.seller.guest, "Yesterday; she expects your call."),
                (cast.operator, "Support is here if you need us."),
            ] {
                post.text = PersonalText(text)
                try await cast.act(post, as: guest)
            }
            // E-mails about one conversation rest between each other; the inbox does not.
            try await cast.told(cast.seller, .messageReceived, order: sale.order)
            try await house.advance(by: .minutes(1))
            try await cast.mailed(cast.seller, .messageReceived, order: sale.order)
            try await cast.mailed(sale.buyer, .messageReceived, order: sale.order)
            var read = ReadConversation()
            read.order = sale.order
            for guest in [sale.buyer.guest, cast.seller.guest, cast.operator] {
                let messages = try await house.ask(read, as: guest).messages
                try expect("authors", messages.map(\.author), [.member, .member, .support])
                try expect(
                    "first words", messages[0].text.plaintext, "When did you speak to Mrs Sommer?")
            }
            try await house.refuses(.notFound, read, as: cast.buyers[1].guest)
            try await house.refuses(.notFound, post, as: cast.buyers[1].guest)
            post.text = PersonalText("")
            try await house.refuses(.invalidText, post, as: sale.buyer.guest)
        },
    ]
}

extension Cast {
    /// The buyer objects to a purchase.
    func object(to sale: Sale, _ ground: ObjectionGround = .falseData) async throws -> ObjectionOpened {
        var objection = OpenObjection()
        objection.order = sale.order
        objection.ground = ground
        objection.statement = PersonalText("The number belongs to somebody who never asked for solar power.")
        var evidence = Evidence()
        evidence.kind = .callRecord
        evidence.title = PersonalText("Call on Monday")
        evidence.content = PersonalText("Called at ten; the person knows of no inquiry.")
        objection.evidence = [evidence]
        return try await act(objection, as: sale.buyer.guest)
    }

    /// The seller answers an objection.
    func state(in opened: CaseID) async throws {
        var statement = SubmitStatement()
        statement.case = opened
        statement.statement = PersonalText("The prospect wrote to us on the third of the month.")
        try await act(statement, as: seller.guest)
    }

    /// The operator decides a case.
    func decide(_ opened: CaseID, _ verdict: Verdict, refund: Money = .zero) async throws {
        var decide = DecideCase()
        decide.case = opened
        decide.verdict = verdict
        decide.refund = refund
        decide.reasoning = PersonalText("Both sides were heard.")
        try await act(decide, as: self.operator)
    }

    func details(of opened: CaseID, as guest: Guest? = nil) async throws -> CaseDetails {
        var query = GetCase()
        query.case = opened
        return try await house.ask(query, as: guest ?? self.operator)
    }
}
