import Client
import Foundation
import Kernel
import Messages
import Synchronization

/// How a run is driven.
public enum LoadDrive: Sendable {
    /// Arrivals come whether or not the house keeps up: `slots` journeys are under way at most, `waiting` arrivals
    /// wait for one of them, and what comes beyond is skipped.
    case open(RateProfile, ArrivalPattern, slots: Int, waiting: Int)
    /// Arrivals come at these moments, in nanoseconds from the beginning and rising: `slots` are under way at most, and
    /// what comes meanwhile waits, however many there are.
    case recorded([UInt64], slots: Int)
    /// `slots` journeys are under way at any time, for `nanoseconds`.
    case closed(slots: Int, nanoseconds: UInt64)

    /// In nanoseconds.
    public var length: UInt64 {
        switch self {
        case .open(let profile, _, _, _): profile.length
        case .recorded(let moments, _): (moments.last ?? 0) + 1
        case .closed(_, let nanoseconds): nanoseconds
        }
    }
}

/// Sends what a scenario offers, and records what comes of it.
public final class Generator: Sendable {
    private let scenario: any LoadScenario
    private let recorder: Recorder
    private let places = Mutex(Places())
    /// When arrivals end, in monotonic nanoseconds; brought forward where a run is told to end.
    private let until: Atomic<UInt64>
    private let timers = DispatchQueue(label: "gavel-load-thinking")

    /// What was on its way at the end gets so long to come back, in nanoseconds.
    private static let grace: UInt64 = 15_000_000_000
    private static let pauseAfterFailure = 20

    /// Who is under way, and who waits to be.
    private struct Places {
        var busy = 0
        var queue: [(journey: any LoadJourney, intended: UInt64)] = []
        /// The queue begins here; what stands before has gone.
        var head = 0

        var waiting: Int { queue.count - head }

        mutating func pop() -> (journey: any LoadJourney, intended: UInt64)? {
            guard head < queue.count else { return nil }
            head += 1
            let first = queue[head - 1]
            if head == queue.count {
                queue.removeAll(keepingCapacity: true)
                head = 0
            }
            return first
        }
    }

    private init(_ scenario: any LoadScenario, begin: UInt64, length: UInt64) {
        self.scenario = scenario
        recorder = Recorder(scenario.operations, begin: begin)
        until = Atomic(begin + length)
    }

    /// Drives `scenario` until the end of the drive and until all that was sent has ended.
    ///
    /// - Parameters:
    ///   - watch: called about twice a second with what was measured so far.
    ///   - isEnough: asked as often, with the seconds since the beginning as well: no arrival comes after a yes.
    public static func run(
        _ scenario: any LoadScenario, _ drive: LoadDrive, seed: UInt64,
        watch: @escaping @Sendable (LoadTally) async -> Void = { _ in },
        isEnough: (LoadTally, Double) -> Bool = { _, _ in false }
    ) async -> (tally: LoadTally, acknowledged: [AcknowledgedCommand]) {
        let begin = Monotonic.nanoseconds
        let generator = Generator(scenario, begin: begin, length: drive.length)
        switch drive {
        case .open(let profile, let pattern, let slots, let waiting):
            let arrivals = Arrivals(profile, pattern, seed: seed)
            generator.begin {
                var arrivals = arrivals
                generator.offer({ arrivals.next() }, slots: slots, waiting: waiting)
            }
        case .recorded(let moments, let slots):
            generator.begin {
                var rest = moments.makeIterator()
                generator.offer({ rest.next() }, slots: slots, waiting: .max)
            }
        case .closed(let slots, _):
            for slot in 0..<slots { generator.fill(slot, at: Monotonic.nanoseconds) }
        }
        while Monotonic.nanoseconds < generator.end {
            try? await Task.sleep(for: .milliseconds(500))
            let tally = generator.recorder.tally
            await watch(tally)
            if isEnough(tally, Double(Monotonic.nanoseconds - begin) / 1e9) {
                generator.until.store(Monotonic.nanoseconds, ordering: .relaxed)
            }
        }
        let deadline = Monotonic.nanoseconds + grace
        while generator.places.withLock({ $0.busy }) > 0, Monotonic.nanoseconds < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
        return (generator.recorder.tally, generator.recorder.acknowledged)
    }

    private var end: UInt64 { until.load(ordering: .relaxed) }

    // MARK: The open loop

    private func begin(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread { body() }
        thread.qualityOfService = .userInteractive
        thread.start()
    }

    private func offer(_ next: () -> UInt64?, slots: Int, waiting: Int) {
        var number = 0
        while let offset = next() {
            let intended = recorder.begin + offset
            sleep(until: intended)
            guard intended < end else { return }
            let isFull = places.withLock { $0.busy >= slots && $0.waiting >= waiting }
            guard !isFull, let journey = scenario.arrival(number) else {
                recorder.skipped(intended: intended)
                continue
            }
            number += 1
            recorder.offered(intended: intended, at: Monotonic.nanoseconds)
            let begins = places.withLock { places in
                guard places.busy >= slots else {
                    places.busy += 1
                    return true
                }
                places.queue.append((journey, intended))
                return false
            }
            if begins { take(journey.first(), of: journey, intended: intended) }
        }
    }

    private func sleep(until instant: UInt64) {
        while true {
            let now = Monotonic.nanoseconds
            guard now < instant else { return }
            var wait = timespec()
            wait.tv_sec = Int((instant - now) / 1_000_000_000)
            wait.tv_nsec = Int((instant - now) % 1_000_000_000)
            nanosleep(&wait, nil)
        }
    }

    // MARK: The closed loop

    /// Begins the next journey of a slot.
    private func fill(_ slot: Int, at intended: UInt64) {
        guard intended < end, let journey = scenario.arrival(slot) else { return }
        recorder.offered(intended: intended, at: intended)
        places.withLock { $0.busy += 1 }
        take(journey.first(), of: journey, intended: intended, refilling: slot)
    }

    /// A journey is over: whoever waits longest begins.
    private func free() {
        let next = places.withLock { places in
            if let next = places.pop() { return next as (journey: any LoadJourney, intended: UInt64)? }
            places.busy -= 1
            return nil
        }
        if let next { take(next.journey.first(), of: next.journey, intended: next.intended) }
    }

    // MARK: Journeys

    private func take(
        _ step: LoadStep, of journey: any LoadJourney, intended: UInt64, refilling slot: Int? = nil
    ) {
        switch step {
        case .over:
            if let slot {
                places.withLock { $0.busy -= 1 }
                fill(slot, at: Monotonic.nanoseconds)
            } else {
                free()
            }
        case .action(let operation, let action):
            Task { await carryOut(action, operation, of: journey, intended: intended, slot) }
        case .request(let request, 0):
            send(request, of: journey, intended: intended, slot)
        case .request(let request, let milliseconds):
            timers.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [self] in
                send(request, of: journey, intended: Monotonic.nanoseconds, slot)
            }
        }
    }

    private func send(
        _ request: LoadRequest, of journey: any LoadJourney, intended: UInt64, _ slot: Int?
    ) {
        let client = request.visitor.client
        let key = request.home == nil ? nil : client.nextKey()
        let sent = Monotonic.nanoseconds
        client.send(code: request.code, body: request.body, key: key) { [self] result in
            let moments = Moments(intended: intended, sent: sent, ended: Monotonic.nanoseconds)
            var acknowledged: AcknowledgedCommand?
            let outcome: LoadOutcome
            let answer: Reply
            switch result {
            case .success(let reply) where reply.code == request.answer:
                outcome = .completed
                answer = reply
                if let home = request.home, let key, request.visitor.party != .none {
                    acknowledged = AcknowledgedCommand(
                        service: home, party: request.visitor.party, key: key, answer: reply.code)
                }
            case .success(let reply):
                outcome = Generator.judge(reply)
                answer = reply
            case .failure(let fault):
                recorder.ended(request.operation, .failed("\(fault)"), moments, nil)
                request.visitor.mend()
                return goOnAfterFailure(journey, slot)
            }
            recorder.ended(request.operation, outcome, moments, acknowledged)
            // What follows was meant to follow at once: a slow answer delays it for the user too.
            take(journey.next(.reply(answer)), of: journey, intended: moments.ended, refilling: slot)
        }
    }

    /// A connection that is gone answers at once; nobody tries again as fast as that.
    private func goOnAfterFailure(_ journey: any LoadJourney, _ slot: Int?) {
        timers.asyncAfter(deadline: .now() + .milliseconds(Generator.pauseAfterFailure)) { [self] in
            take(journey.next(.nothing), of: journey, intended: Monotonic.nanoseconds, refilling: slot)
        }
    }

    private func carryOut(
        _ action: @Sendable () async throws -> Void, _ operation: Int, of journey: any LoadJourney,
        intended: UInt64, _ slot: Int?
    ) async {
        let sent = Monotonic.nanoseconds
        let outcome: LoadOutcome
        var answer = LoadAnswer.nothing
        do {
            try await action()
            outcome = .completed
            answer = .done
        } catch let refusal as Refusal {
            outcome = .refused(refusal.reason)
        } catch {
            outcome = .failed("\(error)")
        }
        let moments = Moments(intended: intended, sent: sent, ended: Monotonic.nanoseconds)
        recorder.ended(operation, outcome, moments, nil)
        if case .failed = outcome { return goOnAfterFailure(journey, slot) }
        take(journey.next(answer), of: journey, intended: moments.ended, refilling: slot)
    }

    private static func judge(_ reply: Reply) -> LoadOutcome {
        guard reply.code == Refusal.code else { return .failed("answered with message \(reply.code)") }
        guard let refusal = try? Refusal(decoding: reply.body, version: reply.version) else {
            return .failed("a refusal that cannot be read")
        }
        return .refused(refusal.reason)
    }
}
