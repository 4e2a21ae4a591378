import Crypto
import Testing

/// Test cases 13 to 16 of the GCM specification submitted to NIST (McGrew and Viega, 2005).
@Suite("AES-256-GCM")
struct AESGCMTests {
    static let key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
    static let nonce = hex("cafebabefacedbaddecaf888")
    static let plaintext = hex(
        """
        d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
        1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255
        """)
    static let ciphertext = hex(
        """
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
        8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad
        """)
    static let associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")

    struct Vector: Sendable {
        var key = [UInt8](repeating: 0, count: 32)
        var nonce = [UInt8](repeating: 0, count: 12)
        var plaintext: [UInt8] = []
        var associated: [UInt8] = []
        var ciphertext: [UInt8] = []
        let tag: [UInt8]
    }

    @Test(
        "NIST vectors seal and open",
        arguments: [
            Vector(tag: hex("530f8afbc74536b9a963b4f1c4cb738b")),
            Vector(
                plaintext: [UInt8](repeating: 0, count: 16),
                ciphertext: hex("cea7403d4d606b6e074ec5d3baf39d18"),
                tag: hex("d0d1c8a799996bf0265b98b5d48ab919")),
            Vector(
                key: key, nonce: nonce, plaintext: plaintext, ciphertext: ciphertext,
                tag: hex("b094dac5d93471bdec1a502270e3cc6c")),
            Vector(
                key: key, nonce: nonce, plaintext: plaintext.dropLast(4), associated: associated,
                ciphertext: ciphertext.dropLast(4), tag: hex("76fc6ece0f4e1768cddf8853bb2d551b")),
        ])
    func vectors(vector: Vector) throws {
        let sealed = try AESGCM.seal(
            vector.plaintext, key: vector.key, nonce: vector.nonce, associated: vector.associated)
        #expect(sealed == vector.nonce + vector.ciphertext + vector.tag)
        #expect(
            try AESGCM.open(sealed, key: vector.key, associated: vector.associated) == vector.plaintext)
    }

    @Test("each changed bit, each prefix, another key and other associated bytes fail to open")
    func tampering() throws {
        let sealed = try AESGCM.seal(bytes("a@b.example"), key: Self.key, nonce: Self.nonce, associated: [1])
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            expectOpenFails(changed, key: Self.key, associated: [1])
            expectOpenFails(Array(sealed.prefix(index)), key: Self.key, associated: [1])
        }
        expectOpenFails(sealed, key: Array(Self.key.reversed()), associated: [1])
        expectOpenFails(sealed, key: Self.key, associated: [2])
        expectOpenFails(sealed, key: Self.key, associated: [])
        expectOpenFails(sealed + [0], key: Self.key, associated: [1])
    }

    @Test("keys and nonces of other lengths are refused")
    func lengths() {
        #expect(throws: CryptoError.invalidLength(expected: 32, found: 16)) {
            try AESGCM.seal([], key: Array(Self.key.prefix(16)), nonce: Self.nonce, associated: [])
        }
        #expect(throws: CryptoError.invalidLength(expected: 12, found: 0)) {
            try AESGCM.seal([], key: Self.key, nonce: [], associated: [])
        }
        #expect(throws: CryptoError.invalidLength(expected: 32, found: 0)) {
            try AESGCM.open([UInt8](repeating: 0, count: 28), key: [], associated: [])
        }
    }

    private func expectOpenFails(
        _ sealed: [UInt8], key: [UInt8], associated: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: CryptoError.openFailed, sourceLocation: sourceLocation) {
            try AESGCM.open(sealed, key: key, associated: associated)
        }
    }
}
