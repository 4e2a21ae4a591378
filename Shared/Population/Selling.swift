import Kernel
import Messages
import Wire

/// What a seller gets wrong before it gets it right.
enum Slip: CaseIterable {
    case oldInquiry, futureInquiry, missingAnswer, unknownAnswer, consentWithoutWords, refusalKnown
    case oddDuration, foreignCurrency, priceOfZero, priceTooHigh, negativeBudget, blankTitle
    case hiddenContact, contactOnOffer, samePerson, foreignContact, noContact, objectedPerson, erasedContact
}

extension Person {
    /// A seller's visit: mostly a lead to sell; else a look at what is there.
    func sell() {
        if policy.mode == .prepaidLine { return provide() }
        if policy.mode == .preliminaryCall, dice.oneIn(4) { return reprice() }
        if dice.percent(70) { return offerLead() }
        switch dice.below(5) {
        case 0: look(ListContacts(), as: .selling)
        case 1: handOutObjectionLink()
        case 2: deleteListing()
        default:
            var trades = ListTrades()
            trades.section = dice.oneIn(2) ? .running : .sold
            look(trades, as: .selling)
        }
    }

    /// Puts a prospect's lead on offer; one in five does something wrong first.
    func offerLead() {
        let prospect = world.newProspect()
        let slip = dice.oneIn(5) ? world.slips.deal(dice) : nil
        prepare(prospect) { [self] lead in
            guard let slip else { return publish(lead) }
            publish(lead, with: slip, of: prospect) { [self] in
                if dice.percent(80) { world.later(.minutes(1)) { [self] in publish(lead) } }
            }
        }
    }

    /// Asks what is needed, and hands the contact to the vault.
    func prepare(_ prospect: Prospect, then: @escaping (PublishListing) -> Void) {
        var guide = GuideSetup()
        guide.projectType = dice.pick(ProjectType.allCases) ?? .other
        look(guide, as: .selling) { [self] setup in
            seal(prospect) { [self] contact in
                then(lead(for: contact, setup))
            }
        }
    }

    func seal(
        _ prospect: Prospect, proof: String = "", as habit: Habit = .selling,
        then: @escaping (ContactID) -> Void
    ) {
        var seal = SealContact()
        seal.name = PersonalText(prospect.name)
        seal.phones = [PersonalText(prospect.phone)]
        seal.email = PersonalText(prospect.email)
        seal.address = PersonalText(prospect.address)
        seal.preferredChannel = dice.pick(ContactChannel.allCases) ?? .phone
        seal.inquiryProof = PersonalText(proof)
        seal.inquiredAt = port.now - .minutes(1)
        tell(seal, as: habit) { [self] sealed in
            contacts.add((sealed.contact, prospect))
            then(sealed.contact)
        }
    }

    /// Hands in so many contacts, one after the other: of one prospect, or each of another.
    func seal(_ count: Int, of prospect: Prospect?, then: @escaping (ContactID) -> Void) {
        seal(prospect ?? world.newProspect()) { [self] contact in
            if count <= 1 { return then(contact) }
            world.later(.seconds(2)) { [self] in seal(count - 1, of: prospect, then: then) }
        }
    }

    private func lead(for contact: ContactID, _ setup: SetupGuide) -> PublishListing {
        var lead = PublishListing()
        lead.contact = contact
        lead.projectType = setup.projectType
        lead.title = LeadTexts.title(in: language)
        lead.description = LeadTexts.description(in: language)
        lead.answers = setup.questions.filter { $0.required || dice.oneIn(3) }.map { question in
            var answer = SetupAnswer()
            answer.question = question.key
            answer.answer = LeadTexts.answer(in: language)
            return answer
        }
        lead.budget = money(usual * Int64(20 + dice.below(400)))
        lead.budgetBasis = dice.oneIn(2) ? .stated : .estimated
        lead.timeFrame = "soon"
        lead.region = dice.pick(LeadTexts.regions) ?? "Leipzig"
        lead.temperature = dice.pick(Temperature.allCases) ?? .warm
        lead.inquiredAt = port.now - dice.span(.minutes(1), .days(9))
        // Some ask for more than anybody will bid.
        lead.startPrice = money(dice.oneIn(5) ? usual * 9 : usual / 2 + Int64(dice.below(Int(usual))))
        lead.duration = dice.pick(setup.durations) ?? .days(2)
        // Some do not read what they agree to (C8).
        lead.acceptsContract = !setup.contractNotice.isEmpty && !dice.oneIn(8)
        if dice.oneIn(3) {
            lead.basis.kind = .consent
            lead.basis.text = "I agree to be called by a company that fits."
            lead.basis.at = lead.inquiredAt
        }
        return lead
    }

    func publish(
        _ lead: PublishListing, as habit: Habit = .selling,
        then: @escaping (CallOutcome<ListingPublished>) -> Void = { _ in }
    ) {
        send(lead, as: habit) { [self] outcome in
            if case .answered(let published) = outcome {
                isOnOffer(published)
                if policy.mode == .application,
                    let known = contacts.items.last(where: { $0.contact == lead.contact })
                {
                    world.opportunities.add((published.listing, known.prospect))
                }
                if dice.oneIn(12) { world.erase(lead.contact, around: published.endsAt) }
            } else if case .refused(let refusal) = outcome, refusal.reason == .contractNotAccepted {
                var lead = lead
                lead.acceptsContract = true
                return publish(lead, as: habit, then: then)
            }
            then(outcome)
        }
    }

    func isOnOffer(_ published: ListingPublished) {
        ownListings.add(published.listing)
        if traits.contains(.deleting), dice.oneIn(3) {
            world.later(dice.span(.minutes(5), .days(1))) { [self] in deleteListing(published.listing) }
        }
        lookBack(after: published.endsAt)
    }

    // MARK: Slips

    private func publish(
        _ lead: PublishListing, with slip: Slip, of prospect: Prospect, then: @escaping () -> Void
    ) {
        let habit = slip == .hiddenContact ? Habit.contactHiding : .slipping
        func go(_ lead: PublishListing) { publish(lead, as: habit) { _ in then() } }
        var lead = lead
        switch slip {
        case .contactOnOffer:
            publish(lead) { [self] _ in publish(lead, as: habit) }
        case .samePerson:
            publish(lead) { [self] _ in
                seal(prospect) { contact in
                    lead.contact = contact
                    self.publish(lead, as: habit)
                }
            }
        case .objectedPerson:
            guard let known = dice.pick(world.objected.items) else { return then() }
            // With proof of a newer inquiry of the prospect's own, it may be listed again.
            seal(known.prospect, proof: dice.oneIn(3) ? "Mail of this morning" : "", as: habit) { contact in
                lead.contact = contact
                go(lead)
            }
        default:
            spoil(&lead, by: slip)
            go(lead)
        }
    }

    private func spoil(_ lead: inout PublishListing, by slip: Slip) {
        switch slip {
        case .oldInquiry: lead.inquiredAt = port.now - policy.inquiryAge - .hours(1)
        case .futureInquiry: lead.inquiredAt = port.now + .days(1)
        case .missingAnswer: lead.answers = []
        case .unknownAnswer:
            var answer = SetupAnswer()
            answer.question = "colour of the sky"
            answer.answer = "blue"
            lead.answers.append(answer)
        case .consentWithoutWords:
            lead.basis = LegalBasis()
            lead.basis.kind = .consent
        case .refusalKnown: lead.refusalKnown = true
        case .oddDuration: lead.duration = .hours(7)
        case .foreignCurrency: lead.startPrice.currency = policy.currency == .usd ? .eur : .usd
        case .priceOfZero: lead.startPrice.minor = 0
        case .priceTooHigh: lead.startPrice.minor = .max
        case .negativeBudget: lead.budget.minor = -1
        case .blankTitle: lead.title = "  "
        case .hiddenContact:
            let text = dice.pick(LeadTexts.hiddenContacts) ?? ""
            if dice.oneIn(2) { lead.description = text } else { lead.basis.text = text }
        case .foreignContact:
            let other = world.choose(.seller) { $0 !== self && !$0.contacts.items.isEmpty }
            lead.contact = other?.contacts.items.last?.contact ?? ContactID(1)
        case .noContact: lead.contact = .none
        case .erasedContact: lead.contact = erasedContact ?? .none
        case .contactOnOffer, .samePerson, .objectedPerson: break
        }
    }

    // MARK: What becomes of listings

    /// Lists once more what ended without a buyer (A8).
    func expired(_ listing: ListingID) {
        guard dice.percent(70) else { return }
        var relist = RelistListing()
        relist.listing = listing
        if dice.oneIn(2) { relist.startPrice = money(usual / 2) }
        send(relist, as: .relisting) { [self] outcome in
            guard case .answered(let published) = outcome else { return }
            isOnOffer(published)
        }
    }

    func deleteListing(_ listing: ListingID? = nil) {
        guard let listing = listing ?? dice.pick(ownListings.items) else { return }
        var delete = DeleteListing()
        delete.listing = listing
        send(delete, as: .deleting)
        ownListings.forget { $0 == listing }
    }

    /// Gives a prospect the link by which it may object, at once or much later.
    func handOutObjectionLink() {
        guard let known = dice.pick(contacts.items) else { return }
        var make = MakeProspectLink()
        make.contact = known.contact
        look(make, as: .selling) { [self] issued in
            world.links.add(
                KeptLink(
                    purpose: .objection, token: issued.token, expires: issued.expires, of: known.prospect))
        }
    }
}
