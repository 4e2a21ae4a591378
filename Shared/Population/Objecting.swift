import Kernel
import Messages
import Wire

// Prospects act without an account, by links (B7); operators act for those who write or call.
extension Population {
    /// A link of this purpose to one of the seller's contacts, made by the operator.
    private func makeLink(
        _ purpose: LinkPurpose, _ then: @escaping (LinkIssued, ContactID, Prospect, Person) -> Void
    ) {
        guard let boss, let seller = choose(.seller, { !$0.contacts.items.isEmpty }),
            let known = dice.pick(seller.contacts.items)
        else { return }
        var make = MakeProspectLink()
        make.contact = known.contact
        make.purpose = purpose
        boss.look(make, as: .objecting) { then($0, known.contact, known.prospect, seller) }
    }

    // MARK: Objections (F10)

    /// A prospect follows the link that its seller handed out, twice for good measure.
    func objectByLink() {
        if let kept = dice.pick(links.items) {
            links.forget { $0.token == kept.token }
            return object(by: kept.token, kept.prospect)
        }
        makeLink(.objection) { [self] issued, _, prospect, _ in object(by: issued.token, prospect) }
    }

    private func object(by token: String, _ prospect: Prospect) {
        let person = stranger("prospect")
        var objects = ProspectObjects()
        objects.token = token
        person.send(objects, as: .objecting) { [self] outcome in
            if case .answered = outcome { objected.add((prospect, port.now)) }
            person.send(objects, as: .objecting) { _ in person.hangUp() }
        }
    }

    /// The prospect called; its contact is offered again later, which is refused.
    func objectByOperator() {
        guard let boss, let seller = choose(.seller, { !$0.contacts.items.isEmpty }),
            let known = dice.pick(seller.contacts.items)
        else { return }
        var object = ObjectForProspect()
        object.contact = known.contact
        boss.send(object, as: .objecting) { [self] outcome in
            guard case .answered = outcome else { return }
            objected.add((known.prospect, port.now))
            later(.minutes(30)) { [self] in offerAgain(known.prospect, by: seller) }
        }
        object.contact = ContactID(8)
        boss.send(object, as: .objecting)
    }

    private func offerAgain(_ prospect: Prospect, by seller: Person) {
        guard seller.stage == .active else { return }
        seller.prepare(prospect) { seller.publish($0, as: .slipping) }
    }

    // MARK: Erasure (F5)

    /// Erases a contact that a buyer has, or one that is free, and looks whether it is gone.
    func eraseByOperator() {
        if dice.oneIn(2), let buyer = choose(.buyer, { !$0.orders.items.isEmpty }),
            let order = buyer.orders.items.last
        {
            return eraseBought(order, by: buyer)
        }
        guard let seller = choose(.seller) else { return }
        seller.prepare(newProspect()) { [self] lead in
            var erase = EraseContact()
            erase.contact = lead.contact
            boss?.send(erase, as: .erasing) { [self] _ in
                seller.erasedContact = lead.contact
                seller.publish(lead, as: .erasing)
                var object = ObjectForProspect()
                object.contact = lead.contact
                boss?.send(object, as: .erasing)
            }
        }
    }

    private func eraseBought(_ order: OrderID, by buyer: Person) {
        var read = ReadContact()
        read.order = order
        buyer.tell(read, as: .erasing) { [self] contact in
            var erase = EraseContact()
            erase.contact = contact.contact
            boss?.send(erase, as: .erasing) { _ in
                buyer.send(read, as: .erasing)
            }
        }
    }

    /// The contact goes in the moment in which it is sold: what was taken for it is given back.
    func erase(_ contact: ContactID, around end: Instant) {
        later(at: end - .milliseconds(15) + dice.span(.zero, .milliseconds(20))) { [self] in
            var erase = EraseContact()
            erase.contact = contact
            boss?.send(erase, as: .erasing)
        }
    }

    func eraseByLink() {
        makeLink(.erasure) { [self] issued, contact, _, seller in
            let person = stranger("prospect")
            var erases = ProspectErases()
            erases.token = issued.token
            person.send(erases, as: .objecting) { outcome in
                if case .answered = outcome { seller.erasedContact = contact }
                person.hangUp()
            }
        }
    }

    // MARK: Who saw the data (F4)

    func readReport() {
        makeLink(.report) { [self] issued, contact, prospect, _ in
            let person = stranger("prospect")
            var report = ReadReport()
            report.token = issued.token
            report.limit = 1
            person.look(report, as: .objecting) { page in
                report.after = page.entries.last?.number ?? 0
                person.ask(report, as: .objecting) { _ in person.hangUp() }
            }
            var asked = ReportOnContact()
            asked.contact = contact
            boss?.ask(asked, as: .objecting)
            asked.contact = ContactID(6)
            boss?.ask(asked, as: .objecting)
            links.add(
                KeptLink(purpose: .report, token: issued.token, expires: issued.expires, of: prospect))
        }
    }

    /// A link whose time is over, or one for another purpose.
    func useOutdatedLink() {
        guard let kept = links.items.first else { return }
        let person = stranger("prospect")
        var erases = ProspectErases()
        erases.token = kept.token
        person.send(erases, as: .forging)
        let rest = kept.expires - port.now
        later(rest + .minutes(1)) {
            var report = ReadReport()
            report.token = kept.token
            var objects = ProspectObjects()
            objects.token = kept.token
            person.ask(report, as: .mistiming)
            person.send(objects, as: .mistiming) { _ in person.hangUp() }
        }
    }
}
