import Runtime
import Simulator
import Storage
import Testing

/// A service's store on a disk that fails: what was acknowledged survives, and no failure passes unnoticed.
@Suite("A store on a disk that fails")
struct StoreOnDiskTests {
    @Test("F3 what a commit acknowledged survives a loss of power", arguments: SimulatedDisk.Loss.allCases)
    func committedSurvives(_ loss: SimulatedDisk.Loss) throws {
        let disk = try Disks.new()
        var notebook = try Notebook(on: disk)
        for line in 1...20 as ClosedRange<UInt64> {
            #expect(try notebook.write(line) == LineWritten.code)
            disk.powerOff(losing: loss)
            #expect(throws: (any Error).self) { try notebook.write(100 + line) }
            disk.start()
            notebook = try Notebook(on: disk)
            #expect(try notebook.lines() == Array(1...line))
        }
        #expect(try notebook.isSound())
    }

    @Test(
        "F3 at every operation: the acknowledged lines are there after the power went, and at most one more")
    func powerAtEveryOperation() throws {
        for loss in SimulatedDisk.Loss.allCases {
            try everyOperation(.power, on: .changing, losing: loss)
        }
    }

    @Test(
        "F3 at every operation: the acknowledged lines are there after an error, and at most one more",
        arguments: [SimulatedDisk.Fault.error, .full, .lostSync, .shortRead, .crash])
    func errorAtEveryOperation(_ fault: SimulatedDisk.Fault) throws {
        try everyOperation(fault, on: .all, losing: .all)
    }

    /// Writes until the fault stops the service, opens it again, and counts the lines.
    private func everyOperation(
        _ fault: SimulatedDisk.Fault, on operations: SimulatedDisk.Operations, losing loss: SimulatedDisk.Loss
    ) throws {
        var at = 1
        while true {
            let disk = try Disks.new(seed: UInt64(at))
            disk.plan(fault, on: operations, at: at, losing: loss)
            var acknowledged: UInt64 = 0
            var refused: [UInt64] = []
            // A fault that hits one command is answered, and the service goes on; others stop it.
            try? attempt(disk, &acknowledged, &refused)
            let isMet = disk.met(fault) > 0
            disk.heal()
            if disk.isOn { disk.powerOff(losing: loss) }
            disk.start()
            let notebook = try Notebook(on: disk)
            let lines = try notebook.lines().filter { !refused.contains($0) }
            let whole = (1...max(1, acknowledged)).filter { !refused.contains($0) && $0 <= acknowledged }
            #expect(lines == whole || lines == whole + [acknowledged + 1], "operation \(at), \(loss)")
            #expect(try notebook.isSound(), "operation \(at), \(loss)")
            if !isMet { break }
            at += 3
        }
        #expect(at > 15, "the sweep ended at once")
    }

    private func attempt(
        _ disk: SimulatedDisk, _ acknowledged: inout UInt64, _ refused: inout [UInt64]
    ) throws {
        let notebook = try Notebook(on: disk)
        for line in 1...6 as ClosedRange<UInt64> {
            if try notebook.write(line) != LineWritten.code { refused.append(line) }
            acknowledged = line
            if line == 4 { try notebook.core.store.checkpoint() }
        }
    }

    @Test("F3 a store that an error kept from its log is not opened with less")
    func alwaysWithLog() throws {
        var refused = 0
        for at in 1...40 {
            let disk = try Disks.new()
            disk.plan(.error, on: .all, at: at)
            guard let notebook = try? Notebook(on: disk) else {
                refused += 1
                continue
            }
            let mode = try notebook.core.store.read {
                try $0.allDynamic("PRAGMA journal_mode", []) { $0.text(0) }
            }
            #expect(mode == ["wal"], "error at operation \(at)")
        }
        #expect(refused > 20)
    }

    @Test("F3 no command is refused, and no message set aside, for an error of the disk")
    func diskIsToBlame() throws {
        var stopped = 0
        for at in 1...20 {
            let disk = try Disks.new()
            do {
                let notebook = try Notebook(on: disk)
                for line in 1...300 as ClosedRange<UInt64> { try notebook.write(line) }
                try notebook.core.store.checkpoint()
            }
            var notebook = try Notebook(on: disk)
            for act in 0..<2 {
                disk.plan(.error, on: .read, at: at, lasting: 3)
                do {
                    if act == 0 { #expect(try notebook.write(1_000) == LineWritten.code, "read \(at)") }
                    if act == 1 { try notebook.hear(150_000) }
                } catch let fault as StoreFault {
                    #expect(fault.isOfTheDisk)
                    stopped += 1
                }
                disk.heal()
                disk.crash()
                disk.start()
                notebook = try Notebook(on: disk)
                #expect(notebook.core.counts.parked == 0, "read \(at)")
            }
        }
        #expect(stopped > 4)
    }

    @Test("a failed commit stops the service, and the next one finds the last acknowledged state")
    func failedCommit() throws {
        for fault in [SimulatedDisk.Fault.error, .lostSync] {
            let disk = try Disks.new()
            let notebook = try Notebook(on: disk)
            try notebook.write(1)
            disk.plan(fault, on: .sync, at: 1)
            #expect(Disks.code { try notebook.write(2) } == Code.sync)
            disk.powerOff()
            disk.start()
            let next = try Notebook(on: disk)
            #expect(try next.lines() == [1])
            #expect(try next.write(2) == LineWritten.code)
            #expect(try next.isSound())
        }
    }

    @Test("F3 what a failed sync left behind is on the disk before anything is built upon it")
    func failedSyncThenRestart() throws {
        let disk = try Disks.new()
        let notebook = try Notebook(on: disk)
        try notebook.write(1)
        disk.plan(.lostSync, on: .sync, at: 1)
        #expect(Disks.code { try notebook.write(2) } == Code.sync)
        // The process ends, the machine lives on: what was not synced can still be read.
        disk.heal()
        disk.crash()
        disk.start()
        let next = try Notebook(on: disk)
        #expect(try next.lines() == [1, 2])
        #expect(try next.write(3) == LineWritten.code)
        disk.powerOff()
        disk.start()
        let last = try Notebook(on: disk)
        #expect(try last.lines() == [1, 2, 3])
        #expect(try last.isSound())
    }

    @Test(
        "F3 a sync that fails while a store opens with a long log, or while the log is moved, is not passed over",
        arguments: [40, ServiceStore.longestLog])
    func failedSyncAtOpening(_ frames: Int) throws {
        var met = 0
        for at in 1...24 {
            let disk = try Disks.new(seed: UInt64(at))
            let first = try Notebook(on: disk)
            for line in 1...600 as ClosedRange<UInt64> { try first.write(line) }
            disk.crash()
            disk.start()
            disk.plan(.lostSync, on: .sync, at: at)
            var acknowledged: UInt64 = 600
            if let next = try? Notebook(on: disk, checkpointAfter: frames) {
                for line in 601...630 as ClosedRange<UInt64> {
                    guard (try? next.write(line)) == LineWritten.code else { break }
                    acknowledged = line
                }
            }
            met += disk.met(.lostSync)
            disk.heal()
            disk.powerOff()
            disk.start()
            let last = try Notebook(on: disk)
            let lines = try last.lines()
            #expect(Array(lines.prefix(Int(acknowledged))) == Array(1...acknowledged), "sync \(at)")
            #expect(try last.isSound(), "sync \(at)")
        }
        #expect(met > 15, "the sweep ended at once")
    }

    @Test("F3 pages that an unfinished move of the log wrote are not lost with a later sync")
    func failedSyncAfterUnfinishedMove() throws {
        let disk = try Disks.new()
        let notebook = try Notebook(on: disk, checkpointAfter: 40)
        let store = notebook.core.store
        try notebook.write(1)
        // A reader that stays at what it began with keeps the log from being moved as a whole.
        var line: UInt64 = 1
        try store.read { reader in
            _ = try reader.first("SELECT count(*) FROM lines") { $0.int(0) }
            while line < 60 {
                line += 1
                try notebook.write(line)
            }
        }
        disk.plan(.lostSync, on: .sync, at: 3)
        while line < 100 {
            guard (try? notebook.write(line + 1)) == LineWritten.code else { break }
            line += 1
        }
        #expect(line < 100, "the sync that failed was passed over")
        disk.heal()
        disk.crash()
        disk.start()
        do {
            let next = try Notebook(on: disk)
            #expect(try next.lines().count >= Int(line))
            try next.core.store.checkpoint()
        }
        disk.powerOff()
        disk.start()
        try expectLines(line, on: disk)
    }

    @Test(
        "F3 pages that an unfinished move beside the writer wrote are not lost with a later sync",
        arguments: 1...3)
    func failedSyncAside(_ sync: Int) throws {
        let disk = try Disks.new()
        let notebook = try Notebook(on: disk, checkpointAfter: 40, movesAside: true)
        let store = notebook.core.store
        var asked: [@Sendable () -> Void] = []
        store.lendForLog = { asked.append($0) }
        func move() {
            let moves = asked
            asked = []
            for move in moves { move() }
        }
        try notebook.write(1)
        var line: UInt64 = 1
        // A reader that stays at what it began with keeps the log from being moved as a whole, and so from being synced.
        try store.read { reader in
            _ = try reader.first("SELECT count(*) FROM lines") { $0.int(0) }
            while line < 60 || asked.isEmpty {
                line += 1
                try notebook.write(line)
                if line < 60 { move() }
            }
        }
        disk.plan(.lostSync, on: .sync, at: sync)
        move()
        while line < 160 {
            guard (try? notebook.write(line + 1)) == LineWritten.code else { break }
            line += 1
            move()
        }
        #expect(disk.met(.lostSync) == 1)
        #expect(line < 160, "the sync that failed was passed over")
        disk.heal()
        disk.powerOff()
        disk.start()
        try expectLines(line, on: disk)
    }

    @Test("F3 a store whose log's move failed is not emptied of its log at the end")
    func failedMoveAtTheEnd() throws {
        let disk = try Disks.new()
        let notebook = try Notebook(on: disk, checkpointAfter: 40, movesAside: true)
        let store = notebook.core.store
        var asked: [@Sendable () -> Void] = []
        store.lendForLog = { asked.append($0) }
        var line: UInt64 = 0
        while asked.isEmpty {
            line += 1
            try notebook.write(line)
        }
        disk.plan(.lostSync, on: .sync, at: 2)
        for move in asked { move() }
        #expect(disk.met(.lostSync) == 1)
        disk.heal()
        #expect(throws: StoreFault.self) { try store.checkpoint() }
        disk.powerOff()
        disk.start()
        try expectLines(line, on: disk)
    }

    /// A new process finds the lines up to this one, and a sound store.
    private func expectLines(_ line: UInt64, on disk: SimulatedDisk) throws {
        let last = try Notebook(on: disk)
        #expect(Array(try last.lines().prefix(Int(line))) == Array(1...line))
        #expect(try last.isSound())
    }

    @Test(
        "F3 what was acknowledged stays, and a failed sync is not passed over, while the log is moved beside the writer",
        arguments: [SimulatedDisk.Fault.power, .lostSync, .error])
    func movedAside(_ fault: SimulatedDisk.Fault) throws {
        var at = 0
        var isMet = true
        while isMet {
            at += 1
            isMet = try writeWhileMoving(fault, at: at)
            // Each of some thousand operations would take minutes.
            if fault != .lostSync { at += 6 }
        }
        #expect(at > 100, "the sweep ended at once")
    }

    /// The log is moved after the next lines, and once within a transaction; false if the fault was never met.
    private func writeWhileMoving(_ fault: SimulatedDisk.Fault, at operation: Int) throws -> Bool {
        let disk = try Disks.new(seed: UInt64(operation))
        var acknowledged: UInt64 = 0
        var moves = 0
        do {
            let notebook = try Notebook(on: disk, checkpointAfter: 40, movesAside: true)
            let store = notebook.core.store
            var asked: [@Sendable () -> Void] = []
            store.lendForLog = { asked.append($0) }
            func move() {
                for move in asked { move() }
                moves += asked.count
                asked = []
            }
            store.beforeCommit = { if moves % 2 == 1 { move() } }
            disk.plan(fault, on: fault == .lostSync ? .sync : .changing, at: operation)
            for line in 1...180 as ClosedRange<UInt64> {
                guard (try? notebook.write(line)) == LineWritten.code else { break }
                acknowledged = line
                if line % 7 == 0, moves % 2 == 0 { move() }
            }
            store.beforeCommit = nil
        }
        let isMet = disk.met(fault) > 0
        #expect(isMet || acknowledged == 180)
        #expect(isMet || moves > 3, "the log was not moved")
        disk.heal()
        if disk.isOn { disk.powerOff() }
        disk.start()
        let last = try Notebook(on: disk)
        let lines = try last.lines()
        #expect(
            Array(lines.prefix(Int(acknowledged)))
                == Array(1...max(acknowledged, 1)).filter { $0 <= acknowledged })
        #expect(lines.count <= Int(acknowledged) + 1)
        #expect(try last.isSound(), "\(fault) at \(operation)")
        return isMet
    }

    @Test(
        "F3 nothing that was acknowledged is lost while the log is written anew",
        arguments: SimulatedDisk.Loss.allCases)
    func powerWhileRenewing(_ loss: SimulatedDisk.Loss) throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            var at = 1
            while try cutPowerWhileRenewing(at: at, loss, seed) { at += 1 }
            #expect(at > 8)
        }
    }

    /// Cuts the power at this operation of the process that comes after a failed sync; false if it never went.
    private func cutPowerWhileRenewing(
        at operation: Int, _ loss: SimulatedDisk.Loss, _ seed: UInt64
    ) throws -> Bool {
        let disk = try Disks.new(seed: seed << 8 | UInt64(operation))
        let notebook = try Notebook(on: disk)
        for line in 1...9 as ClosedRange<UInt64> { try notebook.write(line) }
        disk.plan(.lostSync, on: .sync, at: 1)
        #expect(Disks.code { try notebook.write(10) } == Code.sync)
        disk.heal()
        disk.crash()
        disk.start()
        disk.plan(.power, on: .changing, at: operation, losing: loss)
        var isAcknowledged = false
        if let next = try? Notebook(on: disk) {
            isAcknowledged = (try? next.write(11)) == LineWritten.code
        }
        let isMet = disk.met(.power) > 0
        disk.heal()
        if disk.isOn { disk.powerOff(losing: loss) }
        disk.start()
        let last = try Notebook(on: disk)
        let lines = try last.lines()
        #expect(Array(lines.prefix(9)) == Array(1...9), "operation \(operation), seed \(seed)")
        #expect(!isAcknowledged || lines == Array(1...11), "operation \(operation), seed \(seed)")
        #expect(try last.isSound(), "operation \(operation), seed \(seed)")
        return isMet
    }

    @Test("a full disk stops the service; with room again it goes on where it was")
    func fullDisk() throws {
        let disk = try Disks.new()
        let notebook = try Notebook(on: disk)
        try notebook.write(1)
        disk.plan(.full, at: 1, lasting: nil)
        #expect(Disks.code { try notebook.write(2) } == Code.full)
        #expect(disk.met(.full) > 0)
        disk.heal()
        disk.crash()
        disk.start()
        let next = try Notebook(on: disk)
        #expect(try next.lines() == [1])
        #expect(try next.write(2) == LineWritten.code)
        #expect(try next.isSound())
    }

    @Test("each fault gives the error that SQLite has for it")
    func codes() throws {
        let disk = try Disks.new()
        let store = try ServiceStore(path: Notebook.path(on: disk), migrations: [])
        try store.transaction { store in
            try store.run("CREATE TABLE big (id INTEGER PRIMARY KEY, bytes BLOB)")
            for id in 1...50 {
                try store.run("INSERT INTO big VALUES (?, ?)", id, [UInt8](repeating: 7, count: 3_000))
            }
        }
        func write() throws {
            try store.transaction { try $0.run("UPDATE big SET bytes = zeroblob(2999) WHERE id = 7") }
        }
        disk.plan(.error, on: .write, at: 1)
        #expect(Disks.code(write) == Code.write)
        disk.plan(.error, on: .sync, at: 1)
        #expect(Disks.code(write) == Code.sync)
        disk.plan(.full, at: 1)
        #expect(Disks.code(write) == Code.full)
        #expect(disk.met(.error) == 2)
        #expect(disk.met(.full) == 1)
        let other = try ServiceStore(path: Notebook.path(on: disk), migrations: [])
        let sum = { try other.write { _ = try $0.all("SELECT sum(length(bytes)) FROM big") { $0.int(0) } } }
        disk.plan(.error, on: .read, at: 1)
        #expect(Disks.code(sum) == Code.read)
        disk.plan(.shortRead, on: .read, at: 3)
        #expect(Disks.code(sum) == Code.read)
        #expect(Disks.code(sum) == nil)
        disk.plan(.power, on: .write, at: 1)
        #expect(Disks.code(write) == Code.write)
        #expect(!disk.isOn)
        #expect(Disks.code(write) != nil)
    }

    @Test("a copy that the disk keeps from being made is a fault of the disk, and the next one is whole")
    func failedCopies() throws {
        let disk = try Disks.new()
        let path = Notebook.path(on: disk)
        let first = try ServiceStore(path: path, migrations: [])
        try first.transaction { store in
            try store.run("CREATE TABLE big (id INTEGER PRIMARY KEY, bytes BLOB)")
            for id in 1...20 {
                try store.run("INSERT INTO big VALUES (?, ?)", id, [UInt8](repeating: 7, count: 3_000))
            }
        }
        try first.checkpoint()
        try first.close()
        var failures = 0
        for operation in 1...1_000 {
            let source = try ServiceStore(path: path, migrations: [])
            disk.plan(.error, on: .read, at: operation)
            do {
                try source.copy(to: try ServiceStore(path: nil, migrations: []))
                disk.heal()
                try source.close()
                break
            } catch let fault as StoreFault {
                #expect(fault.isOfTheDisk, "\(fault)")
                failures += 1
            }
            disk.heal()
            let whole = try ServiceStore(path: nil, migrations: [])
            try source.copy(to: whole)
            let sum = try whole.read { try $0.first("SELECT sum(length(bytes)) FROM big") { $0.int(0) } }
            #expect(sum == 60_000)
            try source.close()
        }
        #expect(failures >= 10 && failures < 1_000)
    }

    /// SQLite's extended result codes.
    private enum Code {
        static let full: Int32 = 13
        static let read: Int32 = 10 | 1 << 8
        static let write: Int32 = 10 | 3 << 8
        static let sync: Int32 = 10 | 4 << 8
    }

    @Test("F3 a flipped bit in a journaled command breaks the chain")
    func flippedJournal() throws {
        #expect(throws: StoreFault.self) { try flip("line 139 word", inJournal: true).isSound() }
    }

    @Test("F3 a flipped bit in the state makes the replay differ")
    func flippedState() throws {
        #expect(try !flip("line 139 word", inJournal: false).isSound())
    }

    /// A notebook in which a bit of one copy of a text has flipped: there is one in the journal, one in the state.
    private func flip(_ text: String, inJournal: Bool) throws -> Notebook {
        let disk = try Disks.new()
        do {
            let notebook = try Notebook(on: disk)
            for line in 100...200 as ClosedRange<UInt64> { try notebook.write(line) }
            #expect(try notebook.isSound())
            try notebook.core.store.checkpoint()
        }
        disk.crash()
        disk.start()
        let path = Notebook.path(on: disk)
        let bytes = try #require(disk.bytes(of: path))
        let wanted = Array(text.utf8)
        // In the journal the text stands behind its length, as a field of the body.
        let places = bytes.indices.dropLast(wanted.count).filter { place in
            bytes[place] == wanted[0] && bytes[place..<(place + wanted.count)].elementsEqual(wanted)
        }
        let found = places.filter { (bytes[$0 - 1] == 0) == inJournal }
        try #require(found.count == 1, "\(places.count) places")
        #expect(disk.flipBit(in: path, byte: found[0] + 6, bit: 0))
        return try Notebook(on: disk)
    }
}
