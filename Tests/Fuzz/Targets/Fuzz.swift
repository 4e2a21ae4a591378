import Glibc

/// One thing that is fed random bytes: what it is called, and what it does with one input.
///
/// A target that finds its expectation broken traps, so that libFuzzer keeps the input.
struct Target: Sendable {
    let name: String
    let take: @Sendable (UnsafeRawBufferPointer) -> Void

    static let all: [Target] = [
        Target(name: "frames", take: FramesTarget.take),
        Target(name: "bodies", take: BodiesTarget.take),
        Target(name: "compression", take: CompressionTarget.take),
        Target(name: "tokens", take: TokensTarget.take),
        Target(name: "csv", take: CSVTarget.take),
        Target(name: "json", take: JSONTarget.take),
        Target(name: "texts", take: TextsTarget.take),
        Target(name: "forms", take: FormsTarget.take),
        Target(name: "scripts", take: ScriptsTarget.take),
    ]

    /// The one that `GAVEL_FUZZ_TARGET` names.
    static let chosen: Target = {
        let name = getenv("GAVEL_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = all.first(where: { $0.name == name }) else {
            let names = all.map(\.name).joined(separator: ", ")
            fatalError("GAVEL_FUZZ_TARGET: expected one of \(names), found '\(name)'")
        }
        return target
    }()

    /// With `GAVEL_FUZZ_PLANTED`, every target traps on inputs that begin with `BI`: the proof that traps are found.
    static let isPlanted = getenv("GAVEL_FUZZ_PLANTED") != nil

    /// One comparison after the other, each in a function of its own, so that each that succeeds is new coverage.
    @inline(never) static func planted(_ bytes: UnsafeRawBufferPointer) {
        if bytes.first == UInt8(ascii: "B") { plantedSecond(bytes.after(1)) }
    }

    @inline(never) private static func plantedSecond(_ bytes: UnsafeRawBufferPointer) {
        if bytes.first == UInt8(ascii: "I") { fatalError("a planted trap") }
    }
}

/// libFuzzer calls this for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    if Target.isPlanted { Target.planted(bytes) }
    let began = ThreadTime.now
    Target.chosen.take(bytes)
    let spent = ThreadTime.now - began
    expect(spent < 1_000_000_000, "no input takes a second; this one took \(spent) ns of the processor")
    return 0
}

/// What this thread has used of the processor: a machine that is busy with something else does not count.
private enum ThreadTime {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Traps with `text` unless `holds`.
func expect(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds { fatalError("broken expectation: \(text())") }
}

/// The bytes as text; malformed UTF-8 becomes U+FFFD.
func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

extension UnsafeRawBufferPointer {
    /// What remains after the first `count` bytes.
    func after(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[Swift.min(count, self.count)...])
    }
}
