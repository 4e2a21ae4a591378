import ArgumentParser
import Auction
import ContactVault
import Crypto
import Dispute
import Gateway
import Glibc
import Host
import Kernel
import Messages
import Notifications
import Operation
import Runtime
import Wallet

/// One process of the house, in the foreground.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one service, or the gateway, until it is told to stop.")

    @Argument(help: "auction, wallet, contact-vault, notifications, dispute or gateway.") var service: String
    @OptionGroup var place: Place
    @Option(help: "The port, instead of that in settings.json.") var port: Int?
    @Flag(help: "End when standard input does, as the starting program's end.") var withParent = false

    func validate() throws {
        guard let name = ServiceName(title: service), Installation.processes.contains(name) else {
            let names = Installation.processes.map(\.title).joined(separator: ", ")
            throw ValidationError("expected one of \(names), found '\(service)'")
        }
    }

    func run() throws {
        guard let name = ServiceName(title: service) else { return }
        if withParent { endWithParent() }
        let data = try DataFolder(place.folder)
        let log: @Sendable (String) -> Void = { line in
            Terminal.note("\(HouseClock.machineNow.iso8601) \(name.title): \(line)")
        }
        let options = data.hostOptions(for: name, port: port, log: log)
        if name == .gateway {
            let limits: GatewayLimits = try RecordFile.read(data.gatewayLimitsFile) ?? GatewayLimits()
            let host = try GatewayHost(
                options, limits: limits, page: try RecordFile.read(data.pageFile))
            log("serves on port \(try host.start())")
            Interrupts.wait()
            try host.stop()
        } else {
            let host = try ServiceHost(try Definitions.of(name, data), options)
            log("serves on port \(try host.start())")
            Interrupts.wait()
            try host.stop()
        }
        log("stopped")
        // What is still in a pool has nobody to tell any more.
        Glibc.exit(0)
    }
}

/// The services of this build.
enum Definitions {
    static func of(_ service: ServiceName, _ data: DataFolder) throws -> ServiceDefinition {
        switch service {
        case .auction: AuctionService.definition()
        case .wallet: WalletService.definition()
        case .contactVault:
            ContactVaultService.definition(
                environment: try .load(
                    folder: data.folder(of: .contactVault),
                    scryptCost: data.settings.cheapPasswords ? .development : .production))
        case .notifications: NotificationsService.definition()
        case .dispute: DisputeService.definition()
        case .gateway, .program: throw ValidationError("\(service.title) has no store")
        }
    }
}
