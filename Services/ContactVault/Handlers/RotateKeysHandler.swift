import Kernel
import Messages
import Runtime

/// Records that the edge has rotated the key-encryption key, and when: a command that was set aside and is run again
/// rotates nothing anew.
enum RotateKeysHandler {
    static func handle(_ command: RotateKeys, _ turn: Turn) throws -> Outcome<KeyStatus> {
        let rotatedAt = min(command.rotatedAt, turn.now)
        try turn.store.run(
            """
            INSERT INTO key_rotations (version, party, at) VALUES (?, ?, ?)
            ON CONFLICT (version) DO NOTHING
            """, command.version, turn.acting.party, rotatedAt)
        var status = KeyStatus()
        status.version = command.version
        status.rotatedAt = rotatedAt
        return .answer(status)
    }
}
