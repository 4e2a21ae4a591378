import Wire

/// A whole frame with each combination of header parts that occurs.
struct FrameExample {
    let header: FrameHeader
    let body: [UInt8]

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        header.appendFrame(body: body, to: &bytes)
        return bytes
    }

    var vector: ProtocolVectors.Vector {
        .init(version: header.version, json: JSON.object(members).text, bytes: bytes)
    }

    static let all: [FrameExample] = [
        FrameExample(header: FrameHeader(code: Hello.code, correlation: 1), body: Hello().encoded()),
        FrameExample(
            header: FrameHeader(code: Welcome.code, correlation: 1, flags: .answer),
            body: Welcome().encoded()),
        FrameExample(
            header: FrameHeader(
                code: PlaceBid.code, correlation: 0x0102_0304_0506_0708, timeLeftMilliseconds: 2_000, key: key
            ), body: PlaceBid().encoded()),
        FrameExample(
            header: FrameHeader(code: Ping.code, correlation: 2, trace: trace), body: Ping().encoded()),
        FrameExample(
            header: FrameHeader(code: PlaceBid.code, correlation: 3, key: key, acting: acting),
            body: PlaceBid().encoded()),
        FrameExample(header: FrameHeader(code: PlaceHold.code, stream: 9), body: PlaceHold().encoded()),
        FrameExample(
            header: FrameHeader(
                code: Ping.code, correlation: 4, flags: .answer, timeLeftMilliseconds: 1, key: key,
                trace: trace, acting: acting, stream: 10), body: Ping().encoded()),
    ]

    private static let key = IdempotencyKey(high: 0x0006_4b1a_2c3d_4e5f, low: 0x0000_0000_0000_0001)
    private static let trace = TracePart(
        traceHigh: 0x0af7_6519_16cd_43dd, traceLow: 0x8448_eb21_1c80_319c, span: 0xb7ad_6b71_6920_3331)
    private static let acting = ActingPart(party: 0x0100, marketplace: 1, roles: 2, session: 0x0200)

    private var members: [JSON.Member] {
        var members: [JSON.Member] = [
            .init("flags", .int(header.flags.rawValue)), .init("code", .int(header.code)),
            .init("correlation", .int(header.correlation)),
            .init("timeLeftMilliseconds", .int(header.timeLeftMilliseconds)),
        ]
        if let key = header.key {
            members.append(.init("key", .array([.int(key.high), .int(key.low)])))
        }
        if let trace = header.trace {
            members.append(
                .init("trace", .array([.int(trace.traceHigh), .int(trace.traceLow), .int(trace.span)])))
        }
        if let acting = header.acting {
            members.append(
                .init(
                    "acting",
                    .array([
                        .int(acting.party), .int(acting.marketplace), .int(acting.roles),
                        .int(acting.session),
                    ])))
        }
        if let stream = header.stream { members.append(.init("stream", .int(stream))) }
        return members + [.init("body", .string(Hex.encode(body)))]
    }
}
