import Kernel
import Messages
import Runtime

/// Rotates the key-encryption key while the vault runs, and says which is in force.
enum KeyEdge {
    static func rotate(_ command: inout RotateKeys, _ context: any EdgeContext) throws -> Refusal? {
        guard context.acting.isOperator else { return Refusal(.forbidden, expected: "an operator") }
        // Taken first: copies of the key store from before this moment are older than the new key.
        command.rotatedAt = context.now
        if !Planted.isOn(.rotationForgotten) { try context.keys.rotate() }
        command.version = context.keys.currentVersion
        return nil
    }

    static func addVersion(_ status: inout KeyStatus, _ context: any EdgeContext) {
        status.version = context.keys.currentVersion
    }
}
