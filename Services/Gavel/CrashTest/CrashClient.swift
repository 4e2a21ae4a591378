import Client
import Kernel
import Messages
import Operation
import Stories
import Synchronization
import Wire

/// The answers that clients of a crash test were given, one line each.
final class AcknowledgementLog: Sendable {
    private let lines = Mutex<[Acknowledgement]>([])

    func add(_ one: Acknowledgement) { lines.withLock { $0.append(one) } }
    var all: [Acknowledgement] { lines.withLock { $0 } }
    var count: Int { lines.withLock { $0.count } }
}

/// A party that never gives up: it connects again, signs in again, and repeats a command with its key until it
/// has an answer.
actor CrashClient {
    private let installation: Installation
    private let guest: Guest
    private let log: AcknowledgementLog
    private var client: GavelClient?
    private var party: UInt64 = 0
    /// Set when the run is over: what has no answer by then is left open.
    private var givesUp = false
    private(set) var repeats = 0

    init(_ installation: Installation, _ guest: Guest, _ log: AcknowledgementLog) {
        self.installation = installation
        self.guest = guest
        self.log = log
    }

    func giveUp() { givesUp = true }

    func close() async {
        await client?.close()
        client = nil
    }

    /// The answer, or the refusal decided on state; nothing if the run ended before there was one.
    func perform<C: Command>(_ command: C) async -> Result<C.Answer, Refusal>? {
        var key: IdempotencyKey?
        while !givesUp {
            do {
                let client = try await connection()
                let fixed = key ?? client.nextKey()
                if key != nil { repeats += 1 }
                key = fixed
                let answer = try await client.call(command, key: fixed)
                if let home = C.home {
                    log.add(Acknowledgement(service: home, party: party, key: fixed, answer: C.Answer.code))
                }
                return .success(answer)
            } catch let refusal as Refusal {
                if CrashClient.passes(refusal) {
                    await pause(refusal)
                } else {
                    return .failure(refusal)
                }
            } catch {
                await close()
                await pause(nil)
            }
        }
        return nil
    }

    func ask<Q: Query>(_ query: Q) async -> Q.Answer? {
        for _ in 0..<20 where !givesUp {
            do {
                return try await connection().ask(query)
            } catch let refusal as Refusal where !CrashClient.passes(refusal) {
                return nil
            } catch is Refusal {
                await pause(nil)
            } catch {
                await close()
                await pause(nil)
            }
        }
        return nil
    }

    /// Refusals that say nothing of the command itself: the same key may be sent again.
    private static func passes(_ refusal: Refusal) -> Bool {
        if refusal.reason.retryable { return true }
        switch refusal.reason {
        case .notSignedIn, .tokenExpired, .tokenInvalid: return true
        default: return false
        }
    }

    private func pause(_ refusal: Refusal?) async {
        if let reason = refusal?.reason,
            reason == .notSignedIn || reason == .tokenExpired || reason == .tokenInvalid
        {
            await close()
        }
        let milliseconds = min(max(refusal?.retryAfterMilliseconds ?? 0, 20), 500)
        try? await Task.sleep(for: .milliseconds(Int(milliseconds)))
    }

    private func connection() async throws -> GavelClient {
        if let client, client.isOpen { return client }
        await close()
        let fresh = try await installation.connect { $0.timeoutMilliseconds = 4_000 }
        do {
            let signedIn = try await fresh.signIn(guest.email, guest.password, marketplace: guest.marketplace)
            party = signedIn.party.raw
        } catch {
            await fresh.close()
            throw error
        }
        client = fresh
        return fresh
    }
}
