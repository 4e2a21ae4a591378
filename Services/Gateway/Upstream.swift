import Kernel
import Wire

/// The connection to one service: connect, greet, use, and back off when it is gone.
struct Upstream {
    enum State: Equatable {
        case idle
        case connecting(LinkID)
        case greeting(LinkID)
        case open(LinkID)
    }

    static let firstPauseMilliseconds: UInt64 = 10
    static let longestPauseMilliseconds: UInt64 = 250

    let service: ServiceName
    private(set) var state = State.idle
    private var failures: UInt64 = 0

    init(_ service: ServiceName) { self.service = service }

    /// The link, once the service has welcomed us.
    var openLink: LinkID? {
        if case .open(let link) = state { return link }
        return nil
    }

    var currentLink: LinkID? {
        switch state {
        case .idle: nil
        case .connecting(let link), .greeting(let link), .open(let link): link
        }
    }

    mutating func connecting(_ link: LinkID) { state = .connecting(link) }
    mutating func greeting(_ link: LinkID) { state = .greeting(link) }

    mutating func opened(_ link: LinkID) {
        state = .open(link)
        failures = 0
    }

    /// The link is gone; how many milliseconds to wait before the next attempt: exponential, with jitter.
    mutating func closed(chance: UInt64) -> Int {
        state = .idle
        failures = min(failures + 1, 16)
        let ceiling = min(Self.longestPauseMilliseconds, Self.firstPauseMilliseconds << min(failures - 1, 10))
        return Int(Self.firstPauseMilliseconds / 2 + chance % ceiling)
    }
}
