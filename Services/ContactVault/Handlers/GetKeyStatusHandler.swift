import Kernel
import Messages
import Runtime

/// Says when the key-encryption key was last rotated; its version is added at the edge, which has the keys.
enum GetKeyStatusHandler {
    static func handle(_ query: GetKeyStatus, _ reading: Reading) throws -> Outcome<KeyStatus> {
        var status = KeyStatus()
        status.rotatedAt =
            try reading.store.first("SELECT at FROM key_rotations ORDER BY version DESC LIMIT 1") {
                $0.instant(0)
            }
            ?? .none
        return .answer(status)
    }
}
