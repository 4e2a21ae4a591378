import Crypto
import Testing

@Suite("Key store")
struct KeyStoreTests {
    let folder: TemporaryFolder
    var path: String { "\(folder.path)/keys/store" }
    var keyFolder: String { "\(folder.path)/kek" }

    init() throws {
        folder = try TemporaryFolder()
    }

    func openStore() throws(CryptoError) -> KeyStore {
        try KeyStore(file: path, keyEncryptionKeys: KeyEncryptionKeys(folder: keyFolder))
    }

    @Test("keys are there again after a restart")
    func keysAreKept() throws {
        let made = try openStore().makeKeys(count: 5)
        let reopened = try openStore()
        #expect(reopened.count == 5)
        #expect(!reopened.removedTornSlot)
        #expect(reopened.currentVersion == 1)
        for (id, key) in made {
            #expect(id != 0)
            #expect(reopened.contains(id))
            #expect(try reopened.key(id) == key)
        }
    }

    @Test("the store and its key-encryption keys are readable by their owner alone, and hold no key in clear")
    func secrecy() throws {
        let (_, key) = try openStore().makeKey()
        #expect(Files.permissions(path) == 0o600)
        #expect(Files.permissions("\(keyFolder)/001.key") == 0o600)
        #expect(Files.permissions(keyFolder) == 0o700)
        #expect(try !Files.read(path).contains(run: key))
    }

    @Test("what was sealed opens with its own key and associated bytes only")
    func sealing() throws {
        let store = try openStore()
        let mail = try store.seal(bytes("a@b.example"), associated: [1])
        let phone = try store.seal(bytes("+49 30 1"), associated: [1])
        #expect(
            try store.open(keyID: mail.keyID, ciphertext: mail.ciphertext, associated: [1])
                == bytes("a@b.example"))
        #expect(throws: CryptoError.openFailed) {
            try store.open(keyID: mail.keyID, ciphertext: mail.ciphertext, associated: [2])
        }
        #expect(throws: CryptoError.openFailed) {
            try store.open(keyID: phone.keyID, ciphertext: mail.ciphertext, associated: [1])
        }
        #expect(throws: CryptoError.unknownKey(0)) {
            try store.open(keyID: 0, ciphertext: mail.ciphertext, associated: [1])
        }
    }

    @Test("a destroyed key is gone from the file, and destroying it again changes nothing")
    func destruction() throws {
        let store = try openStore()
        let kept = try store.makeKey()
        let sealed = try store.seal(bytes("a@b.example"), associated: [])
        let slot = try Files.read(path)[256..<384]
        #expect(Array(slot.prefix(8)) == withUnsafeBytes(of: sealed.keyID.littleEndian) { Array($0) })

        for _ in 0..<2 {
            try store.destroy([sealed.keyID, 0, 7])
            #expect(!store.contains(sealed.keyID))
            #expect(throws: CryptoError.unknownKey(sealed.keyID)) {
                try store.open(keyID: sealed.keyID, ciphertext: sealed.ciphertext, associated: [])
            }
            #expect(try Files.read(path)[256..<384].allSatisfy { $0 == 0 })
        }
        #expect(store.count == 1)
        #expect(try store.key(kept.id) == kept.key)
    }

    @Test("a freed slot is used again, so the file does not grow with keys that come and go")
    func slotsAreReused() throws {
        let store = try openStore()
        let size = try Files.read(path).count
        for _ in 0..<5 {
            try store.destroy(try store.makeKeys(count: 1000).map(\.id))
        }
        #expect(store.count == 0)
        #expect(try Files.read(path).count == size)
    }

    @Test("the file grows in steps and is read again with holes in it")
    func growth() throws {
        var kept: [UInt64] = []
        do {
            let store = try openStore()
            let made = try store.makeKeys(count: 3000).map(\.id)
            try store.destroy(made.enumerated().filter { $0.offset % 3 == 0 }.map(\.element))
            kept = made.enumerated().filter { $0.offset % 3 != 0 }.map(\.element)
        }
        let store = try openStore()
        #expect(store.count == 2000)
        #expect(kept.allSatisfy(store.contains))
        let made = try store.makeKeys(count: 1500)
        #expect(store.count == 3500)
        #expect(try made.allSatisfy { try store.key($0.id) == $0.key })
    }

    @Test("a batch out of bounds is refused", arguments: [-1, 65_537])
    func batchLimits(count: Int) throws {
        let store = try openStore()
        #expect(throws: CryptoError.limitExceeded(limit: 65_536, found: count)) {
            try store.makeKeys(count: count)
        }
        #expect(try store.makeKeys(count: 0).isEmpty)
    }

    @Test("a sweep destroys the orphans found at the start, never a key made since")
    func sweep() throws {
        let found = try openStore().makeKeys(count: 4).map(\.id)
        let store = try openStore()
        let new = try store.makeKey().id
        #expect(try store.sweep { $0 == found[1] } == 3)
        #expect(found.map(store.contains) == [false, true, false, false])
        #expect(store.contains(new))
        #expect(try store.sweep { _ in true } == 0)
    }

    @Test("rotation wraps every key anew and destroys the old key-encryption key")
    func rotation() throws {
        let made: [(id: UInt64, key: [UInt8])]
        do {
            let store = try openStore()
            made = try store.makeKeys(count: 600)
            try store.destroy([made[5].id])
            let before = try Files.read(path)
            try store.rotate()
            try store.rotate()
            let after = try Files.read(path)
            #expect(store.currentVersion == 3)
            #expect(before.count == after.count)
            #expect(!after.contains(run: Array(before[144..<204])))
            #expect(try store.key(made[0].id) == made[0].key)
        }
        #expect(!Files.exists("\(keyFolder)/001.key"))
        #expect(!Files.exists("\(keyFolder)/002.key"))
        let store = try openStore()
        #expect(store.currentVersion == 3)
        #expect(store.count == 599)
        #expect(try made.filter { $0.id != made[5].id }.allSatisfy { try store.key($0.id) == $0.key })
    }

    @Test("keys are made, read and destroyed while the store rotates")
    func useWhileRotating() async throws {
        let store = try openStore()
        let early = try store.makeKeys(count: 2000)
        let madeMeanwhile = try await withThrowingTaskGroup(of: [(id: UInt64, key: [UInt8])].self) { group in
            group.addTask {
                for _ in 0..<5 { try store.rotate() }
                return []
            }
            for _ in 0..<3 {
                group.addTask {
                    try (0..<50).map { round in
                        let key = try store.makeKey()
                        #expect(try store.key(early[round].id) == early[round].key)
                        return key
                    }
                }
            }
            group.addTask {
                try store.destroy(early.suffix(1000).map(\.id))
                return []
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(store.count == 1150)
        #expect(store.currentVersion == 6)
        for (id, key) in madeMeanwhile + early.prefix(1000) {
            #expect(try store.key(id) == key)
        }
    }

    @Test("an interrupted rotation is completed by the next start")
    func interruptedRotation() throws {
        let made = try openStore().makeKeys(count: 3)
        // Another store's first key serves as the second version that a rotation had just made.
        let other = try TemporaryFolder()
        _ = try KeyStore(
            file: "\(other.path)/store", keyEncryptionKeys: KeyEncryptionKeys(folder: "\(other.path)/kek"))
        try Files.write(try Files.read("\(other.path)/kek/001.key"), to: "\(keyFolder)/002.key")
        try Files.write([1, 2, 3], to: "\(keyFolder)/003.key.new")

        let store = try openStore()
        #expect(store.currentVersion == 2)
        #expect(!Files.exists("\(keyFolder)/001.key"))
        #expect(!Files.exists("\(keyFolder)/003.key.new"))
        #expect(try made.allSatisfy { try store.key($0.id) == $0.key })
    }

    @Test("an old key-encryption key that was overwritten but not yet removed is removed by the next start")
    func interruptedDestruction() throws {
        do {
            let store = try openStore()
            _ = try store.makeKey()
            try store.rotate()
        }
        try Files.write([UInt8](repeating: 0, count: 40), to: "\(keyFolder)/001.key")
        #expect(try openStore().count == 1)
        #expect(!Files.exists("\(keyFolder)/001.key"))
    }

    @Test("threads that make keys at once get different ones, all of them kept")
    func concurrency() async throws {
        let made: [UInt64]
        do {
            let store = try openStore()
            made = try await withThrowingTaskGroup(of: [UInt64].self) { group in
                for _ in 0..<8 {
                    group.addTask { try (0..<50).map { _ in try store.makeKey().id } }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
        let store = try openStore()
        #expect(Set(made).count == 400)
        #expect(made.allSatisfy(store.contains))
    }
}
