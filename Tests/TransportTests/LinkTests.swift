import Synchronization
import Testing
import Transport
import Wire

@Suite("Links")
struct LinkTests {
    private func limits(_ change: (inout LinkLimits) -> Void = { _ in }) -> LinkLimits {
        var limits = LinkLimits()
        limits.maxLinksPerAddress = 10_000
        change(&limits)
        return limits
    }

    private func listen(_ hub: LinkHub, _ delegate: Recorder, _ limits: LinkLimits? = nil) throws -> Int {
        try hub.listen(
            host: "127.0.0.1", port: 0, tls: nil, limits: limits ?? self.limits(), delegate: delegate)
    }

    private func connect(_ hub: LinkHub, _ port: Int, _ delegate: Recorder) -> LinkID {
        hub.connect(host: "127.0.0.1", port: port, tls: nil, limits: limits(), delegate: delegate)
    }

    private func onlyLink(_ recorder: Recorder) async throws -> LinkID {
        let notes = try await recorder.wait(for: "the link") { $0.opened.count == 1 }
        return try #require(notes.opened.first).link
    }

    @Test("frames arrive whole, wherever the network cuts them")
    func cutAnywhere() async throws {
        try await withHub { hub in
            let server = Recorder()
            let socket = try RawSocket(port: listen(hub, server))
            let length = frame(0).count
            for cut in 1..<length {
                let bytes = frame(UInt64(cut))
                try socket.send(bytes[..<cut])
                try await Task.sleep(for: .milliseconds(2))
                try socket.send(bytes[cut...])
            }
            let notes = try await server.wait(for: "all frames") { $0.frameCount == length - 1 }
            let frames = notes.frames.values.first ?? []
            #expect(frames.map(\.header.correlation) == (1..<length).map(UInt64.init))
            #expect(frames.allSatisfy { $0.body == body($0.header.correlation, 8) })
            #expect(notes.opened.map(\.address) == ["127.0.0.1"])
            #expect(notes.opened.map(\.peer) == [nil])
        }
    }

    @Test("what comes in one read is one batch; a frame longer than a read arrives too")
    func batches() async throws {
        try await withHub { hub in
            let server = Recorder()
            let socket = try RawSocket(port: listen(hub, server, limits { $0.longestFrame = 1 << 20 }))
            try socket.send((1...100).flatMap { frame($0) })
            let first = try await server.wait(for: "a hundred frames") { $0.frameCount == 100 }
            #expect(first.batches.count < 10)
            try socket.send(frame(101, bodyLength: 1_000_000))
            let second = try await server.wait(for: "the long frame") { $0.frameCount == 101 }
            #expect(second.frames.values.first?.last?.body == body(101, 1_000_000))
        }
    }

    @Test("an oversize frame is refused; the frames before it count, and the refusal arrives before the end")
    func oversize() async throws {
        try await withHub { hub in
            let server = Recorder(onMalformed: { link, correlation in
                hub.send(frame(correlation), on: link)
                hub.close(link, afterFlush: true)
            })
            let socket = try RawSocket(port: listen(hub, server))
            try socket.send(frame(1) + frame(2, bodyLength: 20_000))
            #expect(try socket.receiveAll() == frame(2))
            #expect(server.now.frameCount == 1)
            #expect(server.now.malformed.map(\.error) == [.tooLong(limit: 16_384, found: 20_016)])
        }
    }

    @Test("a link whose delegate does nothing about garbage is closed all the same")
    func abandonedGarbage() async throws {
        try await withHub { hub in
            let server = Recorder()
            let socket = try RawSocket(
                port: listen(hub, server, limits { $0.closingTimeout = .milliseconds(50) }))
            try socket.send([UInt8](repeating: 0xff, count: 100))
            try await server.wait(for: "the end") { $0.malformed.count == 1 && $0.closed.count == 1 }
        }
    }

    @Test("a batch keeps the order of each link, over several event loops")
    func order() async throws {
        try await withHub(threads: 3) { hub in
            let client = Recorder()
            let server = Recorder()
            let port = try listen(hub, server)
            let count = 8
            for _ in 0..<count { _ = connect(hub, port, client) }
            let links = try await server.wait(for: "all links") { $0.opened.count == count }.opened.map(
                \.link)
            try await client.wait(for: "all links") { $0.opened.count == count }
            for round in 0..<50 as Range<UInt64> {
                hub.send((0..<80).map { (links[$0 % count], frame(round * 10 + UInt64($0 / count))) })
            }
            let notes = try await client.wait(for: "all frames") { $0.frameCount == 50 * 80 }
            for frames in notes.frames.values {
                #expect(frames.map(\.header.correlation) == Array(0..<500))
            }
        }
    }

    @Test("a client that does not read is closed at the cap")
    func slowReader() async throws {
        try await withHub { hub in
            let server = Recorder()
            let socket = try RawSocket(port: listen(hub, server, limits { $0.maxPendingBytes = 1_000_000 }))
            let link = try await onlyLink(server)
            try await eventually("a fault") {
                hub.send(frame(1, bodyLength: 100_000), on: link)
                return !server.now.faults.isEmpty
            }
            try await server.wait(for: "the end") { $0.closed == [link] }
            guard case .slowReader(let pending) = server.now.faults.first else {
                Issue.record("expected a slow reader, found \(server.now.faults)")
                return
            }
            #expect(pending > 0 && pending <= 1_000_000)
            #expect(hub.linkCount == 0)
            withExtendedLifetime(socket) {}
        }
    }

    @Test("a client that reads late is not read meanwhile, and loses nothing")
    func lateReader() async throws {
        try await withHub { hub in
            let server = Recorder()
            let limits = limits {
                $0.pauseReadingAboveBytes = 100_000
                $0.maxPendingBytes = 64 << 20
            }
            let socket = try RawSocket(port: listen(hub, server, limits))
            let link = try await onlyLink(server)
            let answer = frame(1, bodyLength: 100_000)
            for _ in 0..<200 { hub.send(answer, on: link) }
            try await Task.sleep(for: .milliseconds(50))
            try socket.send(frame(5))
            try await Task.sleep(for: .milliseconds(100))
            #expect(server.now.frameCount == 0)
            var received = 0
            while received < 200 * answer.count { received += try socket.receive(1 << 20).count }
            try await server.wait(for: "the frame that had to wait") { $0.frameCount == 1 }
        }
    }

    @Test("while reading is off nothing is read")
    func reading() async throws {
        try await withHub { hub in
            let server = Recorder(onFrames: { link, _ in hub.setReading(link, false) })
            let socket = try RawSocket(port: listen(hub, server))
            try socket.send(frame(1))
            let notes = try await server.wait(for: "the first frame") { $0.frameCount == 1 }
            try socket.send(frame(2))
            try await Task.sleep(for: .milliseconds(100))
            #expect(server.now.frameCount == 1)
            hub.setReading(try #require(notes.opened.first).link, true)
            try await server.wait(for: "the second frame") { $0.frameCount == 2 }
        }
    }

    @Test("reading may be off from the first moment, also where this side dialled")
    func notReadingFromTheStart() async throws {
        try await withHub { hub in
            let client = Recorder(onOpened: { hub.setReading($0, false) })
            let server = Recorder(onOpened: { hub.send(frame(1), on: $0) })
            let link = connect(hub, try listen(hub, server), client)
            try await client.wait(for: "the link") { $0.opened.count == 1 }
            try await Task.sleep(for: .milliseconds(100))
            #expect(client.now.frameCount == 0)
            hub.setReading(link, true)
            try await client.wait(for: "the frame") { $0.frameCount == 1 }
        }
    }

    @Test("a client that says nothing is closed at the handshake deadline")
    func handshakeDeadline() async throws {
        try await withHub { hub in
            let server = Recorder()
            let mute = try RawSocket(
                port: listen(hub, server, limits { $0.handshakeTimeout = .milliseconds(100) }))
            #expect(try mute.receive().isEmpty)
            try await server.wait(for: "the end") { $0.closed.count == 1 }
            #expect(server.now.faults == [.handshakeTimedOut])
        }
    }

    @Test("a client that falls silent is closed at the idle limit, counted from its last word")
    func idle() async throws {
        try await withHub { hub in
            // On a machine that stands still between the two words, the link may be closed before the second: then again.
            for _ in 0..<20 {
                let server = Recorder()
                let silent = try RawSocket(
                    port: listen(hub, server, limits { $0.idleTimeout = .milliseconds(300) }))
                try silent.send(frame(1))
                try await Task.sleep(for: .milliseconds(150))
                let lastWord = ContinuousClock.now
                try? silent.send(frame(2))
                _ = try? silent.receiveAll()
                let end = ContinuousClock.now
                try await server.wait(for: "the end") { $0.closed.count == 1 }
                #expect(server.now.faults == [.idle])
                guard server.now.frameCount == 2 else { continue }
                #expect(end - lastWord >= .milliseconds(300))
                return
            }
            Issue.record("the second word never arrived in time")
        }
    }

    @Test("a thousand links open and close, and none is left")
    func thousandLinks() async throws {
        try await withHub { hub in
            let server = Recorder(onFrames: { link, frames in
                for received in frames { hub.send(frame(received.header.correlation), on: link) }
            })
            let client = Recorder(
                onOpened: { link in hub.send(frame(link.raw), on: link) },
                onFrames: { link, _ in hub.close(link, afterFlush: true) })
            let port = try listen(hub, server)
            for _ in 0..<1_000 { _ = connect(hub, port, client) }
            try await client.wait(for: "all closed") { $0.closed.count == 1_000 }
            try await server.wait(for: "all closed") { $0.closed.count == 1_000 }
            #expect(hub.linkCount == 0)
            #expect(client.now.frames.count == 1_000)
            #expect(Set(client.now.closed).count == 1_000)
            #expect(client.now.faults.isEmpty)
        }
    }

    @Test("links above the limit from one address are turned away, and a seat that is left is free again")
    func linksPerAddress() async throws {
        try await withHub { hub in
            let server = Recorder()
            let port = try listen(hub, server, limits { $0.maxLinksPerAddress = 2 })
            let stays = try RawSocket(port: port)
            do {
                let leaves = try RawSocket(port: port)
                try await server.wait(for: "two links") { $0.opened.count == 2 }
                #expect((try? RawSocket(port: port).receive()) ?? [] == [])
                #expect(server.now.faults == [.tooManyLinks])
                withExtendedLifetime(leaves) {}
            }
            try await server.wait(for: "a free seat") { $0.closed.count == 1 }
            let next = try RawSocket(port: port)
            try await server.wait(for: "the next link") { $0.opened.count == 3 }
            withExtendedLifetime((stays, next)) {}
        }
    }

    @Test("what is not there cannot be dialled, and says so once")
    func unreachable() async throws {
        try await withHub { hub in
            let client = Recorder()
            let link = connect(hub, 1, client)
            try await client.wait(for: "the end") { $0.closed == [link] }
            guard case .unreachable = client.now.faults.first else {
                Issue.record("expected unreachable, found \(client.now.faults)")
                return
            }
            #expect(client.now.opened.isEmpty)
            #expect(hub.linkCount == 0)
        }
    }

    @Test("a link may be closed while it is being dialled")
    func closedWhileDialled() async throws {
        try await withHub { hub in
            let client = Recorder()
            let link = connect(hub, try listen(hub, Recorder()), client)
            hub.close(link, afterFlush: true)
            try await client.wait(for: "the end") { $0.closed == [link] }
            try await eventually("none left") { hub.linkCount == 0 }
        }
    }

    @Test("shutting down flushes what was sent, ends every link and takes no new one")
    func shutdown() async throws {
        let hub = LinkHub(threads: 2)
        let server = Recorder()
        let port = try listen(hub, server)
        let bytes = frame(1, bodyLength: 3_000_000)
        let end: Task<Void, any Error>
        do {
            let socket = try RawSocket(port: port)
            hub.send(bytes, on: try await onlyLink(server))
            end = Task { try await hub.shutdown() }
            #expect(try socket.receiveAll().count == bytes.count)
        }
        let link = try await onlyLink(server)
        let late = Recorder()
        _ = connect(hub, port, late)
        try await end.value
        #expect(server.now.closed == [link])
        #expect(throws: RawSocket.Failure.self) { try RawSocket(port: port) }
        hub.send(bytes, on: link)
        try await hub.shutdown()
        #expect(late.now.opened.isEmpty)
    }

    @Test("a timer runs, and not early")
    func timer() async throws {
        try await withHub(threads: 1) { hub in
            let start = ContinuousClock.now
            let fired = Mutex<ContinuousClock.Instant?>(nil)
            hub.after(milliseconds: 30) { fired.withLock { $0 = .now } }
            try await eventually("the timer") { fired.withLock { $0 != nil } }
            #expect(try #require(fired.withLock { $0 }) - start >= .milliseconds(30))
        }
    }

    @Test("agreed compression is taken from the offer on, and sent from the consent on")
    func compression() async throws {
        try await withHub { hub in
            let text = String(repeating: "Дом 120 м², крыша на юг; ", count: 100).utf8
                .enumerated().map { $0.offset % 9 == 0 ? UInt8($0.offset % 250) : $0.element }
            var long: [UInt8] = []
            FrameHeader(code: 1, correlation: 2).appendFrame(body: text, to: &long)
            let server = Recorder(onFrames: { [long] link, _ in
                hub.send(frame(1), on: link)
                hub.setCompression(link, true)
                hub.send(long, on: link)
            })
            let client = Recorder(onOpened: { link in
                hub.setCompression(link, receiving: true, sending: false)
                hub.send(frame(0), on: link)
            })
            let port = try listen(hub, server)
            _ = connect(hub, port, client)
            let notes = try await client.wait(for: "both answers") { $0.frameCount == 2 }
            #expect(notes.frames.values.first?.map(\.body) == [body(1, 8), text])

            let socket = try RawSocket(port: port)
            try socket.send(frame(0))
            var received = 0
            while received <= frame(1).count { received += try socket.receive().count }
            #expect(received < text.count * 4 / 5)
        }
    }
}
