import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Opens a caller's number for its provider, and finds the numbers that are one keystroke away from it by their keyed
/// hashes (E11).
enum SimilarCallerEdge {
    static func find(
        _ answer: inout SimilarCallers, _ environment: VaultEnvironment, _ context: any EdgeContext
    ) throws {
        // Erased meanwhile: there is nothing to compare with.
        guard let digits = answer.number.plaintext, !digits.isEmpty else { return }
        let provider = answer.provider
        let hashes = NumberSlips.of(digits).map { environment.hash(callerOf: provider, $0) }
        let found = try context.read { store in
            try hashes.compactMap { try Callers.sealed(store, hash: $0) }
        }
        for (caller, sealed) in found {
            guard let number = try Personal.open(sealed, context.keys) else { continue }
            var similar = SimilarCaller()
            similar.caller = caller
            similar.number = PersonalText(number)
            answer.similar.append(similar)
        }
    }
}
