import Kernel
import Messages
import Runtime

/// Gives the sealed number of a provider's caller; the edge opens it and looks for similar ones (E11).
enum FindSimilarCallersHandler {
    static func handle(_ query: FindSimilarCallers, _ reading: Reading) throws -> Outcome<SimilarCallers> {
        guard let known = try Callers.find(reading.store, query.caller), known.provider == query.provider
        else {
            return .refused(.notFound, expected: "a caller")
        }
        var answer = SimilarCallers()
        answer.provider = query.provider
        answer.number = known.number
        return .answer(answer)
    }
}
