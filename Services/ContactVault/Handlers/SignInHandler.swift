import Kernel
import Messages
import Runtime

/// Opens a session for the party whose password the edge has checked.
enum SignInHandler {
    static func handle(_ command: SignIn, _ turn: Turn) throws -> Outcome<SignedIn> {
        // The password may have been changed, or the party closed, since the edge looked.
        guard let party = try Parties.find(turn.store, command.party), party.life.state != .closed,
            party.credentialNumber == command.credential, try belongs(party, in: command.marketplace, turn)
        else { return .refused(PasswordEdge.wrong) }
        guard party.life.state != .suspended else {
            return .refused(.suspended, expected: "a party not suspended", found: party.reason)
        }
        let open = try Sessions.of(turn.store, party.party)
        for oldest in open.dropFirst(Sessions.mostPerParty - 1) {
            try Announcements.revoke(party.party, session: oldest, turn)
        }
        let session = Session(
            session: turn.newID(), party: party.party, marketplace: command.marketplace, generation: 1,
            openedAt: turn.now)
        try Sessions.insert(turn.store, session)
        return .answer(answer(party, session))
    }

    /// Operators sign in to any marketplace, or to none.
    private static func belongs(_ party: Party, in marketplace: MarketplaceID, _ turn: Turn) throws -> Bool {
        if party.marketplace == marketplace { return true }
        guard party.isOperator else { return false }
        return try Marketplaces.find(turn.store, marketplace) != nil
    }

    /// The tokens are added at the edge, after the commit.
    static func answer(_ party: Party, _ session: Session) -> SignedIn {
        var answer = SignedIn()
        answer.party = party.party
        answer.marketplace = session.marketplace
        answer.roles = party.roles
        answer.session = session.session
        answer.language = party.language
        answer.generation = session.generation
        return answer
    }
}
