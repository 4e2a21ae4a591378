import Crypto
import Kernel
import Messages
import Runtime

/// Turns passwords into what may be stored, and checks them, off the writer.
enum PasswordEdge {
    static let lengths = 8...200

    /// The credential to store for a new password.
    static func credential(
        _ password: String, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) throws -> PersonalText {
        guard lengths.contains(password.utf8.count) else {
            throw Refusal(
                .invalidText, expected: "a password of \(lengths.lowerBound) to \(lengths.upperBound) bytes",
                found: "\(password.utf8.count) bytes")
        }
        let hash = try Scrypt.hash(
            Array(password.utf8), salt: context.randomBytes(16), cost: environment.scryptCost)
        return PersonalText(hash.text)
    }

    /// Whether the password belongs to the party. Takes as long if there is no party.
    static func verify(
        _ password: String, _ party: Party?, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) throws -> Bool {
        let stored = try party.flatMap { try Personal.open($0.credential, context.keys) }
        let isRight = try Scrypt.verify(
            Array(password.utf8), against: stored ?? unknown(environment.scryptCost))
        return isRight && stored != nil
    }

    static let wrong = Refusal(.credentialsWrong)

    /// A hash of no password at the present cost: zeros, which no password yields.
    private static func unknown(_ cost: ScryptCost) -> String {
        let salt = String(repeating: "A", count: 22) + "=="
        let hash = String(repeating: "A", count: 43) + "="
        return "scrypt$\(cost.iterations)$\(cost.blockSize)$\(cost.parallelism)$\(salt)$\(hash)"
    }
}
