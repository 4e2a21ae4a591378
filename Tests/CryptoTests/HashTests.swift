import Crypto
import Testing

@Suite("Hashes")
struct HashTests {
    @Test(
        "FIPS 180-4: SHA-256 of the published messages",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(message: String, digest: String) {
        #expect(SHA256.digest(bytes(message)) == hex(digest))
    }

    @Test("a hasher begins anew after each finish and after a reset")
    func hasherIsReused() {
        let hasher = SHA256Hasher()
        var output: [UInt8] = []
        for _ in 0..<3 {
            hasher.update(bytes("forgotten"))
            hasher.reset()
            hasher.update(bytes("a"))
            hasher.update(bytes("bc"))
            hasher.finish(into: &output)
            #expect(output == SHA256.digest(bytes("abc")))
        }
        #expect(hasher.finish() == SHA256.digest([]))
    }

    @Test("a number is hashed as 8 bytes, least significant first")
    func numbersAreLittleEndian() {
        let hasher = SHA256Hasher()
        hasher.update(0x0102_0304_0506_0708 as UInt64)
        #expect(hasher.finish() == SHA256.digest([8, 7, 6, 5, 4, 3, 2, 1]))
    }

    @Test(
        "RFC 4231: HMAC-SHA256",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), bytes("Hi There"),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                bytes("Jefe"), bytes("what do ya want for nothing?"),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
                [UInt8](repeating: 0xcd, count: 50),
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131),
                bytes("Test Using Larger Than Block-Size Key - Hash Key First"),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131),
                bytes(
                    "This is a test using a larger than block-size key and a larger than block-size data. "
                        + "The key needs to be hashed before being used by the HMAC algorithm."),
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
            ),
        ])
    func hmac(key: [UInt8], message: [UInt8], code: String) throws {
        #expect(try HMAC.authenticate(message, key: key) == hex(code))
    }

    @Test("an empty key and an empty message have a code")
    func emptyHMAC() throws {
        let code = hex("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
        #expect(try HMAC.authenticate([], key: []) == code)
    }

    @Test("every form of a keyed hash agrees with HMAC-SHA256")
    func keyedHashForms() throws {
        let key = Array(UInt8(0)..<32)
        let keyed = try KeyedHash(key: key)
        let hashers = [keyed.makeHasher(), try KeyedHasher(key: key)]
        for length in [0, 1, 55, 64, 300] {
            let message = [UInt8](repeating: 9, count: length)
            let code = try HMAC.authenticate(message, key: key)
            #expect(keyed(message) == code)
            #expect(keyed.truncated(message, to: 16) == Array(code.prefix(16)))
            #expect(keyed.truncated(message, to: -1).isEmpty)
            let first = (0..<8).reduce(UInt64(0)) { $0 | UInt64(code[$1]) << (8 * UInt64($1)) }
            let second = (0..<8).reduce(UInt64(0)) { $0 | UInt64(code[8 + $1]) << (8 * UInt64($1)) }
            message.withUnsafeBytes { message in
                #expect(keyed.hash128(message) == (first, second))
                for hasher in hashers {
                    #expect(hasher(message) == code)
                    #expect(hasher.hash128(message) == (first, second))
                }
            }
        }
    }

    @Test("a keyed hash takes 32 bytes of key", arguments: [0, 16, 31, 33])
    func keyedHashKeyLength(count: Int) {
        #expect(throws: CryptoError.invalidLength(expected: 32, found: count)) {
            try KeyedHash(key: [UInt8](repeating: 1, count: count))
        }
    }

    @Test("many threads use one keyed hash at once")
    func keyedHashIsShared() async throws {
        let keyed = try KeyedHash(key: [UInt8](repeating: 5, count: 32))
        let expected = keyed(bytes("abc"))
        let allAgree = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<500).allSatisfy { _ in keyed(bytes("abc")) == expected } }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(allAgree)
    }

    @Test("constant-time comparison compares")
    func comparison() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
    }

    @Test("random bytes come in the number asked for")
    func randomBytes() {
        #expect([-1, 0, 1, 100].map { SecureRandom.bytes($0).count } == [0, 0, 1, 100])
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
        #expect(SecureRandom.uint64() != SecureRandom.uint64())
    }
}
