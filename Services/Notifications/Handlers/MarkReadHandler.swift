import Messages
import Runtime

enum MarkReadHandler {
    static func handle(_ command: MarkRead, _ turn: Turn) throws -> Outcome<Done> {
        let party = turn.acting.party
        for item in command.items {
            guard try Inbox.exists(item, of: party, turn.store) else {
                return .refused(.notFound, expected: "items of your inbox", found: "item \(item)")
            }
        }
        var marked = 0
        for item in command.items {
            if try Inbox.markRead(item, of: party, at: turn.now, turn.store) { marked += 1 }
        }
        if marked > 0 { try Recipients.subtractUnread(marked, of: party, turn.store) }
        return .answer(Done())
    }
}
