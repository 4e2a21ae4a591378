import Client
import Kernel
import Messages
import Operation
import Stories

/// How long the wallet, killed under load, is away, with so many commands in its journal.
enum Recovery {
    private static let window = 512
    private static let rounds = 3

    static func run(_ options: Installation.Options, lengths: [Int]) async throws {
        let installation = try await Installation.start(options)
        var teller = try await Teller.open(installation)
        print(
            "| commands in the journal | from its start to its first answer, ms | to the first durable transfer, ms |"
        )
        print("| --- | --- | --- |")
        for length in lengths {
            let missing = length - Int(try await journaled(teller.client))
            if missing > 0 { try await teller.repeater.run(missing, window) }
            let length = try await journaled(teller.client)
            var answers: [Double] = []
            var transfers: [Double] = []
            for _ in 0..<rounds {
                // What is on its way when the process dies fails, as it should.
                let load = Task { [teller] in try? await teller.repeater.run(.max, window) }
                try await Task.sleep(for: .milliseconds(500))
                installation.kill(.wallet)
                _ = await load.value
                await teller.close()
                let began = ContinuousClock.now
                try installation.start(.wallet)
                teller = try await reopen(teller, installation)
                answers.append((ContinuousClock.now - began) / .milliseconds(1))
                try await transferOne(teller)
                transfers.append((ContinuousClock.now - began) / .milliseconds(1))
                try await installation.waitUntilReady()
            }
            print("| \(length) | \(list(answers)) | \(list(transfers)) |")
        }
        await teller.close()
        await installation.stop()
    }

    /// The wallet refuses commands until it has greeted the other services.
    private static func transferOne(_ teller: Teller) async throws {
        while true {
            do {
                _ = try await teller.client.call(teller.transfer)
                return
            } catch let refusal as Refusal where refusal.reason == .unavailable {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    private static func list(_ values: [Double]) -> String {
        values.sorted().map { "\(Int($0))" }.joined(separator: ", ")
    }

    private static func journaled(_ client: GavelClient) async throws -> UInt64 {
        try await client.ask(GetStatus()).services.first?.journal ?? 0
    }

    private static func reopen(_ teller: Teller, _ installation: Installation) async throws -> Teller {
        while true {
            if let found = try? await teller.again(installation) {
                if (try? await found.client.ask(GetStatus())) != nil { return found }
                await found.close()
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
