import Kernel
import Messages
import Runtime
import Transport
import Wire

/// The logic of a gateway as the simulator hosts it; the live one lives among the services.
public protocol HostedGateway: AnyObject {
    func start()
    /// Whether all services are connected and sign-ins can be checked.
    var isReady: Bool { get }
    /// Takes no more requests.
    func drain()
    func linkOpened(_ link: LinkID, peer: String?, address: String)
    func linkReceived(_ link: LinkID, frames: [InboundFrame])
    func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64)
    func linkClosed(_ link: LinkID)
}

/// Makes a gateway's logic over a shell, with the machine's time.
public typealias GatewayMaker = (
    _ shell: any FrontShell, _ clockIsSettable: Bool, _ machineNow: @escaping @Sendable () -> Instant
) -> any HostedGateway

/// A gateway's process.
final class GatewayProcess: SimulatedProcess, FrontShell, @unchecked Sendable {
    private var logic: (any HostedGateway)?
    /// Links to services.
    private var upstream: Set<LinkID> = []

    init(_ place: Place, world: SimulatedHouse, make: GatewayMaker, chance: UInt64) {
        super.init(place, world, chance: chance ^ world.seed)
        logic = make(self, world.plan.clockIsSettable) { [unowned world] in world.scheduler.now }
    }

    func start() { logic?.start() }

    func drain() { logic?.drain() }

    var isSettled: Bool { !isDead && logic?.isReady == true }

    override func die() {
        super.die()
        scheduler.after(0, .process, place) { [self] in logic = nil }
    }

    override func linkOpened(_ link: LinkID, peer: String?, address: String) {
        logic?.linkOpened(link, peer: peer, address: address)
    }
    override func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        if world.faults.strikes(.crashOfGateway) { return world.crashGateway(place) }
        if world.faults.strikes(.stop) { world.stopGateway(self) }
        if upstream.contains(link) { for frame in frames { world.auditor.note(frame: frame.header.code) } }
        logic?.linkReceived(link, frames: frames)
    }
    override func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        logic?.linkMalformed(link, error: error, correlation: correlation)
    }
    override func linkClosed(_ link: LinkID) {
        upstream.remove(link)
        logic?.linkClosed(link)
    }

    func allowCompression(_ link: LinkID) {
        network.setCompression(link, receiving: true, sending: true)
    }

    func connect(to service: ServiceName) -> LinkID {
        let link = network.connect(
            from: place, to: Place(service.rawValue), name: ServiceName.gateway.title,
            expected: service.title,
            address: "10.0.0.\(place)", serverLimits: .peers, clientLimits: .peers, delegate: self)
        upstream.insert(link)
        return link
    }

    func offload<R: Sendable>(
        _ pool: Pool, _ work: @escaping @Sendable () -> R, then: @escaping @Sendable (R) -> Void
    ) {
        soon(50_000, .pool) { then(work()) }
    }
}
