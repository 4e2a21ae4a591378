import Crypto
import Testing

/// What a key store says about files that a crash, a bad disk or a wrong restore left.
@Suite("Damaged key stores")
struct KeyStoreDamageTests {
    let folder: TemporaryFolder
    let ids: [UInt64]
    var path: String { "\(folder.path)/store" }
    var keyFolder: String { "\(folder.path)/kek" }

    /// A store with three keys.
    init() throws {
        folder = try TemporaryFolder()
        let keys = KeyEncryptionKeys(folder: "\(folder.path)/kek")
        ids = try KeyStore(file: "\(folder.path)/store", keyEncryptionKeys: keys).makeKeys(count: 3).map(\.id)
    }

    func openStore() throws(CryptoError) -> KeyStore {
        try KeyStore(file: path, keyEncryptionKeys: KeyEncryptionKeys(folder: keyFolder))
    }

    func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        var content = try Files.read(path)
        body(&content)
        try Files.write(content, to: path)
    }

    @Test("a last slot written in part is dropped, and its place is used again", arguments: [1, 8, 60, 127])
    func tornLastSlot(writtenBytes: Int) throws {
        try change(path) { content in
            for index in 384 + writtenBytes..<512 { content[index] = 0 }
        }
        do {
            let store = try openStore()
            #expect(store.removedTornSlot)
            #expect(ids.map(store.contains) == [true, true, false])
            _ = try store.makeKey()
        }
        let store = try openStore()
        #expect(store.count == 3)
        #expect(!store.removedTornSlot)
    }

    @Test("a damaged slot before a sound one is corruption")
    func corruptSlot() throws {
        try change(path) { $0[128 + 30] ^= 1 }
        #expect(throws: CryptoError.corruptKeyStore(slot: 0)) { try openStore() }
    }

    @Test("two damaged slots at the end are corruption, not a torn write")
    func corruptEnd() throws {
        try change(path) { content in
            content[256 + 30] ^= 1
            content[384 + 30] ^= 1
        }
        #expect(throws: CryptoError.corruptKeyStore(slot: 1)) { try openStore() }
    }

    @Test("the same id twice is corruption")
    func doubleID() throws {
        try change(path) { $0.replaceSubrange(256..<384, with: Array($0[128..<256])) }
        #expect(throws: CryptoError.corruptKeyStore(slot: 1)) { try openStore() }
    }

    @Test("a truncated store is noticed at every length", arguments: [0, 1, 127, 128, 129, 400, 131_199])
    func truncation(byteCount: Int) throws {
        try change(path) { $0.removeLast($0.count - byteCount) }
        let expected = byteCount < 128 ? 128 : 128 + 1024 * 128
        #expect(throws: CryptoError.truncatedKeyStore(expectedBytes: expected, foundBytes: byteCount)) {
            try openStore()
        }
    }

    @Test("what an interrupted growth left behind the last slot is cut off")
    func interruptedGrowth() throws {
        try change(path) { $0 += [UInt8](repeating: 5, count: 200) }
        #expect(try openStore().count == 3)
        #expect(try Files.read(path).count == 128 + 1024 * 128)
    }

    @Test("each changed byte of the header is noticed", arguments: [0, 8, 12, 16, 40, 119, 120, 127])
    func header(index: Int) throws {
        try change(path) { $0[index] ^= 1 }
        #expect(throws: CryptoError.notAKeyStore(path: path)) { try openStore() }
    }

    @Test("a store that is gone while its key-encryption key exists is not silently begun anew")
    func missingStore() throws {
        try Files.remove(path)
        #expect(throws: CryptoError.missingKeyStore(path: path)) { try openStore() }
    }

    @Test("a missing, a damaged and a foreign key-encryption key are told apart from an empty store")
    func keyEncryptionKeys() throws {
        let sound = try Files.read("\(keyFolder)/001.key")
        try change("\(keyFolder)/001.key") { $0[3] ^= 1 }
        #expect(throws: CryptoError.wrongKeyEncryptionKey(version: 1)) { try openStore() }

        let foreign = [UInt8](repeating: 1, count: 32)
        try Files.write(foreign + SHA256.digest(foreign).prefix(8), to: "\(keyFolder)/001.key")
        #expect(throws: CryptoError.wrongKeyEncryptionKey(version: 1)) { try openStore() }

        try Files.write(sound, to: "\(keyFolder)/002.key")
        try Files.remove("\(keyFolder)/001.key")
        #expect(throws: CryptoError.missingKeyEncryptionKey(version: 1)) { try openStore() }

        try Files.remove("\(keyFolder)/002.key")
        #expect(throws: CryptoError.missingKeyEncryptionKey(version: 1)) { try openStore() }

        try Files.write(sound, to: "\(keyFolder)/001.key")
        #expect(try openStore().count == 3)
    }

    @Test("a folder or file that another store has open is in use")
    func inUse() throws {
        let store = try openStore()
        #expect(throws: CryptoError.inUse(path: keyFolder)) { try openStore() }
        #expect(throws: CryptoError.inUse(path: path)) {
            try KeyStore(file: path, keyEncryptionKeys: KeyEncryptionKeys(folder: "\(folder.path)/other"))
        }
        #expect(store.count == 3)
    }
}
