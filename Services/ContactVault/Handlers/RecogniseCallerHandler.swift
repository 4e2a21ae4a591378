import Kernel
import Messages
import Runtime

/// Tells the wallet under which id a number is known that calls a provider.
enum RecogniseCallerHandler {
    static func handle(
        _ query: RecogniseCaller, _ reading: Reading, _ environment: VaultEnvironment
    ) throws -> Outcome<CallerKnown> {
        try CallerLookup.known(query.number, query.country, of: query.provider, reading, environment)
    }
}

/// Tells a provider under which id its caller's number is known (E9); others' callers do not exist for it (F9).
enum FindCallerHandler {
    static func handle(
        _ query: FindCaller, _ reading: Reading, _ environment: VaultEnvironment
    ) throws -> Outcome<CallerKnown> {
        try CallerLookup.known(query.number, query.country, of: reading.acting.party, reading, environment)
    }
}

private enum CallerLookup {
    static func known(
        _ number: PersonalText, _ country: String, of provider: PartyID, _ reading: Reading,
        _ environment: VaultEnvironment
    ) throws -> Outcome<CallerKnown> {
        let digits: String
        do {
            digits = try CallerEdge.digits(number, country: country)
        } catch {
            return .refused(error)
        }
        let hash = environment.hash(callerOf: provider, digits)
        guard let caller = try Callers.find(reading.store, hash: hash) else {
            return .refused(.notFound, expected: "a number that is known")
        }
        var answer = CallerKnown()
        answer.caller = caller
        return .answer(answer)
    }
}
