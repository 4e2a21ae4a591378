import ArgumentParser
import Kernel
import Messages
import Operation
import Wire

/// Shows what a service has set aside after faults, or runs one of it again.
struct Parked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what a service has set aside after faults, or run one of it again.",
        discussion: """
            What was set aside has not happened. Mend its cause first: what faults again stays where it is, and the \
            exit code is 1.
            """)

    @Argument(help: "auction, wallet, contact-vault, notifications or dispute.") var service: String
    @Option(help: "The number of the one to run again.") var retry: UInt64?
    @OptionGroup var place: Place
    @Flag(help: "Report as JSON.") var json = false

    func run() async throws {
        guard let name = ServiceName(title: service), ServiceName.stores.contains(name) else {
            throw ValidationError("expected a service with a store, found '\(service)'")
        }
        let client = try await Installation.found(place.folder).connect(to: name)
        do {
            if let retry {
                var command = RetryParked()
                command.sequence = retry
                _ = try await client.call(command)
            }
            report(try await client.ask(ListParked()))
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    private func report(_ page: ParkedPage) {
        if json { return Terminal.say(page.json(.plain).text) }
        if page.parked.isEmpty { return Terminal.say("nothing is set aside") }
        for parked in page.parked {
            let message = Catalogue.message(parked.messageCode)?.title ?? "message \(parked.messageCode)"
            let source = ServiceName(rawValue: parked.source)?.title ?? service
            Terminal.say("\(parked.sequence)  \(message) from \(source): \(parked.reason)")
        }
    }
}
