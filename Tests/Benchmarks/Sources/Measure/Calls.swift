import Client
import Foundation
import Kernel
import Messages
import Operation
import Stories
import Wire

/// A prepaid line whose callers have money, and connections of its switch.
struct CallDesk {
    let line: Line
    let numbers: [String]
    let switches: [GavelClient]

    static func open(_ installation: Installation, callers count: Int) async throws -> CallDesk {
        let house = LiveHouse(installation)
        let cast = try await Cast.openMarketplace(house, policy: .prepaidLine, buyers: 0, funds: 0)
        let line = try await cast.openLine()
        let numbers = (0..<count).map { "+49171\(1_000_000 + $0)" }
        let payers = try await connections(4, installation, nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<64 {
                group.addTask {
                    for index in stride(from: part, to: count, by: 64) {
                        var topUp = TopUpCaller()
                        topUp.profile = line.profile
                        topUp.number = PersonalText(numbers[index])
                        topUp.amount = Money(5_000, .eur)
                        _ = try await payers[part % 4].call(topUp)
                    }
                }
            }
            try await group.waitForAll()
        }
        try await house.settle()
        return CallDesk(
            line: line, numbers: numbers,
            switches: try await connections(4, installation, line.telephoneSwitch.guest))
    }

    static func connections(
        _ count: Int, _ installation: Installation, _ guest: Guest?
    ) async throws -> [GavelClient] {
        var clients: [GavelClient] = []
        for _ in 0..<count {
            let client = try await installation.connect()
            if let guest {
                _ = try await client.signIn(guest.email, guest.password, marketplace: guest.marketplace)
            }
            clients.append(client)
        }
        return clients
    }

    /// A call that is put through.
    func ring(_ caller: Int, _ name: UInt64) async throws -> CallRouted {
        let client = switches[caller % switches.count]
        var arrived = CallArrived()
        arrived.switchCall = name
        arrived.called = line.number
        arrived.presented = PersonalText(numbers[caller])
        arrived.at = client.houseTime
        let routed = try await client.call(arrived)
        guard routed.verdict == .putThrough else {
            throw Unmet("verdict", expected: "putThrough", found: "\(routed.verdict)")
        }
        return routed
    }

    func say(_ call: CallID, _ report: CallReport, _ caller: Int) async throws {
        let client = switches[caller % switches.count]
        var said = ReportCall()
        said.call = call
        said.report = report
        said.at = client.houseTime
        _ = try await client.call(said)
    }

    func end(_ call: CallID, _ caller: Int) async throws {
        let client = switches[caller % switches.count]
        var end = EndCall()
        end.call = call
        end.at = client.houseTime
        _ = try await client.call(end)
    }
}

/// Calls a second, each authorised with its reserve, answered, and settled: three durable commands through the TLS
/// gateway. As many calls at once as there are callers.
enum CallRates {
    static func run(_ options: Installation.Options, seconds: Int, callers: Int) async throws {
        let installation = try await Installation.start(options)
        let desk = try await CallDesk.open(installation, callers: callers)
        print("\(callers) callers have money")
        let usage = ProcessorTime()
        let began = ContinuousClock.now
        let until = began + .seconds(seconds)
        let settled = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < until {
                        let routed = try await desk.ring(caller, UInt64(count) << 32 | UInt64(caller))
                        try await desk.say(routed.call, .answeredByPerson, caller)
                        try await desk.end(routed.call, caller)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        let took = (ContinuousClock.now - began) / .seconds(1)
        print(
            "\(settled) calls in \(String(format: "%.1f", took)) s: \(Int(Double(settled) / took))/s, "
                + "\(Int(3 * Double(settled) / took)) commands/s")
        print("  processor time a call: \(usage.line(per: settled))")
        await installation.stop()
    }
}

/// What calls in progress cost in memory.
enum CallsInProgress {
    static func run(_ options: Installation.Options, calls: Int) async throws {
        let installation = try await Installation.start(options)
        let desk = try await CallDesk.open(installation, callers: calls)
        let before = ResidentMemory.now()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<64 {
                group.addTask {
                    for caller in stride(from: part, to: calls, by: 64) {
                        let routed = try await desk.ring(caller, UInt64(caller) + 1)
                        try await desk.say(routed.call, .answeredByPerson, caller)
                    }
                }
            }
            try await group.waitForAll()
        }
        let after = ResidentMemory.now()
        var sum = 0
        var parts: [String] = []
        for (name, kibibytes) in after.sorted(by: { $0.key < $1.key }) where name != "this program" {
            let more = kibibytes - before[name, default: 0]
            sum += more
            parts.append("\(name) \(more / 1_024)")
        }
        print("\(calls) calls in progress: \(sum / 1_024) MiB more (\(parts.joined(separator: ", ")))")
        await installation.stop()
    }
}

/// The resident memory of this program and of the processes that it started, in KiB, from /proc.
enum ResidentMemory {
    static func now() -> [String: Int] {
        var found: [String: Int] = [:]
        for (number, name) in ProcessorTime.processes() {
            let status = (try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            let words = line?.split(whereSeparator: { " \t".contains($0) }) ?? []
            found[name, default: 0] += words.count > 1 ? Int(words[1]) ?? 0 : 0
        }
        return found
    }
}

/// Activations a second, each with its price held and a proxy number leased: every buyer activates every lead once.
enum Activations {
    static func run(_ options: Installation.Options, listings: Int, buyers: Int) async throws {
        let installation = try await Installation.start(options)
        let house = LiveHouse(installation)
        var policy = Policy.preliminaryCall
        policy.duplicateWindow = .zero
        let cast = try await Cast.openMarketplace(
            house, policy: policy, buyers: buyers, funds: 100_000_000_000)
        let mover = try await house.connection(Cast.firstOperator)
        for start in stride(from: 0, to: listings * buyers, by: 100) {
            var set = SetProxyNumbers()
            set.marketplace = cast.marketplace
            set.add = (0..<100).map { "7495\(1_000_000 + start + $0)" }
            _ = try await mover.call(set)
        }
        let leads = try await Market.publish(listings, cast, house)
        var clients: [GavelClient] = []
        for buyer in cast.buyers { clients.append(try await house.connection(buyer.guest)) }
        let speakers = clients
        print("\(listings) listings, \(buyers) buyers, \(listings * buyers) proxy numbers")
        let usage = ProcessorTime()
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<512 {
                group.addTask {
                    for index in stride(from: part, to: listings * buyers, by: 512) {
                        var activate = ActivateCall()
                        activate.listing = leads[index % listings]
                        let buyer = index / listings
                        activate.callFrom = PersonalText("+7916\(1_000_000 + buyer)")
                        _ = try await speakers[buyer].call(activate)
                    }
                }
            }
            try await group.waitForAll()
        }
        let took = (ContinuousClock.now - began) / .seconds(1)
        let count = listings * buyers
        print(
            "\(count) activations in \(String(format: "%.1f", took)) s: \(Int(Double(count) / took))/s")
        print("  processor time an activation: \(usage.line(per: count))")
        await installation.stop()
    }
}
