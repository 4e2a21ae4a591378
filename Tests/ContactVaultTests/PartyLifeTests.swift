import ContactVaultRules
import Kernel
import Messages
import Testing

@Suite("A party's life")
struct PartyLifeTests {
    /// State (suspended: the one before), event, state afterwards; `-` for refused.
    static let table = """
        registered           confirms   confirmed
        confirmed            confirms   confirmed
        verified             confirms   verified
        suspended/registered confirms   suspended/confirmed
        suspended/verified   confirms   suspended/verified
        closed               confirms   -
        registered           verified   -
        registered           vouched    verified
        confirmed            verified   verified
        confirmed            vouched    verified
        verified             verified   -
        suspended/verified   verified   -
        closed               vouched    -
        registered           suspended  suspended/registered
        confirmed            suspended  suspended/confirmed
        verified             suspended  suspended/verified
        suspended/verified   suspended  -
        closed               suspended  -
        suspended/registered reinstated registered
        suspended/verified   reinstated verified
        verified             reinstated -
        closed               reinstated -
        registered           closed     closed
        suspended/verified   closed     closed
        closed               closed     -
        """

    @Test("A16 parties are confirmed, verified, suspended, reinstated and closed in this order only")
    func transitions() throws {
        for row in Self.table.split(separator: "\n") {
            let cells = row.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
            let result = try life(cells[0]).after(try event(cells[1]))
            switch result {
            case .success(let found): #expect(try found == life(cells[2]), "\(row)")
            case .failure(let refusal):
                #expect(cells[2] == "-", "\(row)")
                #expect(refusal.reason == .wrongState, "\(row)")
            }
        }
    }

    private func state(_ name: Substring) throws -> PartyState {
        try #require(PartyState.allCases.first { "\($0)" == name })
    }

    private func life(_ text: String) throws -> PartyLife {
        let names = text.split(separator: "/")
        let now = try state(names[0])
        return PartyLife(state: now, beforeSuspension: names.count > 1 ? try state(names[1]) : now)
    }

    private func event(_ name: String) throws -> PartyEvent {
        switch name {
        case "confirms": .confirmsEmail
        case "verified": .isVerified(vouching: false)
        case "vouched": .isVerified(vouching: true)
        case "suspended": .isSuspended
        case "reinstated": .isReinstated
        default: .isClosed
        }
    }
}
