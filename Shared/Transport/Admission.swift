import NIOCore
import Synchronization
import Wire

/// Counts a listener's links, in all and by address, and turns away what exceeds the limits.
final class Admission: Sendable {
    private struct Counts {
        var all = 0
        var byAddress: [UInt64: Int] = [:]
    }

    private let maxLinks: Int
    private let maxLinksPerAddress: Int
    private let counts = Mutex(Counts())

    init(_ limits: LinkLimits) {
        maxLinks = limits.maxLinks
        maxLinksPerAddress = limits.maxLinksPerAddress
    }

    /// Whoever is let in must leave.
    func enter(_ address: SocketAddress?) -> Bool {
        let key = Self.key(address)
        return counts.withLock { counts in
            let here = counts.byAddress[key, default: 0]
            guard counts.all < maxLinks, here < maxLinksPerAddress else { return false }
            counts.all += 1
            counts.byAddress[key] = here + 1
            return true
        }
    }

    func leave(_ address: SocketAddress?) {
        let key = Self.key(address)
        counts.withLock { counts in
            counts.all -= 1
            let here = counts.byAddress[key, default: 1] - 1
            counts.byAddress[key] = here > 0 ? here : nil
        }
    }

    /// One host has a whole IPv6 /64 at its disposal, so that is what counts as one address.
    private static func key(_ address: SocketAddress?) -> UInt64 {
        switch address {
        case .v4(let address): UInt64(address.address.sin_addr.s_addr)
        case .v6(let address):
            withUnsafeBytes(of: address.address.sin6_addr) { bytes in
                let network = bytes.loadUnaligned(as: UInt64.self)
                let mapped = bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
                return network == 0 ? UInt64(mapped) : network
            }
        case .unixDomainSocket, nil: 0
        }
    }
}
