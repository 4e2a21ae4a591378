import Kernel
import Messages
import Runtime

/// Records that the edge has rotated the key-encryption key.
enum RotateKeysHandler {
    static func handle(_ command: RotateKeys, _ turn: Turn) throws -> Outcome<KeyStatus> {
        try turn.store.run(
            """
            INSERT INTO key_rotations (version, party, at) VALUES (?, ?, ?)
            ON CONFLICT (version) DO NOTHING
            """, command.version, turn.acting.party, turn.now)
        var status = KeyStatus()
        status.version = command.version
        status.rotatedAt = turn.now
        return .answer(status)
    }
}
