import Crypto
import Testing

@Suite("Derived keys and passwords")
struct DerivationTests {
    @Test("RFC 5869 test case 1: basic")
    func hkdfBasic() throws {
        let key = try HKDF.derive(
            secret: [UInt8](repeating: 0x0b, count: 22), salt: hex("000102030405060708090a0b0c"),
            info: hex("f0f1f2f3f4f5f6f7f8f9"), length: 42)
        #expect(
            key
                == hex(
                    """
                    3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf
                    34007208d5b887185865
                    """))
    }

    @Test("RFC 5869 test case 2: longer inputs and outputs")
    func hkdfLong() throws {
        let key = try HKDF.derive(
            secret: Array(0x00...0x4f), salt: Array(0x60...0xaf), info: Array(0xb0...0xff), length: 82)
        #expect(
            key
                == hex(
                    """
                    b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c
                    59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71
                    cc30c58179ec3e87c14c01d5c1f3434f1d87
                    """))
    }

    @Test("RFC 5869 test case 3: no salt, no info")
    func hkdfBare() throws {
        let key = try HKDF.derive(
            secret: [UInt8](repeating: 0x0b, count: 22), salt: [], info: [], length: 42)
        #expect(
            key
                == hex(
                    """
                    8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d
                    9d201395faa4b61a96c8
                    """))
    }

    @Test("an HKDF length out of bounds is refused", arguments: [-1, 0, 8161])
    func hkdfLimits(length: Int) {
        #expect(throws: CryptoError.limitExceeded(limit: 8160, found: length)) {
            try HKDF.derive(secret: [1], salt: [], info: [], length: length)
        }
    }

    @Test(
        "RFC 7914: scrypt",
        arguments: [
            (
                "", "", 16, 1, 1,
                """
                77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442
                fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
                """
            ),
            (
                "password", "NaCl", 1024, 8, 16,
                """
                fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162
                2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
                """
            ),
            (
                "pleaseletmein", "SodiumChloride", 16384, 8, 1,
                """
                7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2
                d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
                """
            ),
        ])
    func scrypt(
        password: String, salt: String, iterations: Int, blockSize: Int, parallelism: Int, output: String
    ) throws {
        let cost = try ScryptCost(iterations: iterations, blockSize: blockSize, parallelism: parallelism)
        #expect(try Scrypt.derive(bytes(password), salt: bytes(salt), cost: cost, length: 64) == hex(output))
    }

    @Test("a stored password is recognised, another is not")
    func passwords() throws {
        let stored = try Scrypt.hash(
            bytes("hunter2"), salt: SecureRandom.bytes(16), cost: .development)
        #expect(stored.text.hasPrefix("scrypt$1024$8$1$"))
        #expect(try PasswordHash(text: stored.text) == stored)
        #expect(try Scrypt.verify(bytes("hunter2"), against: stored.text))
        #expect(try !Scrypt.verify(bytes("hunter3"), against: stored.text))
        #expect(try !Scrypt.verify([], against: stored.text))
    }

    @Test("the production cost fits into its memory limit")
    func productionCost() throws {
        let salt = [UInt8](repeating: 1, count: 16)
        let stored = try Scrypt.hash(bytes("hunter2"), salt: salt, cost: .production)
        #expect(stored.text.hasPrefix("scrypt$131072$8$1$AQEBAQEBAQEBAQEBAQEBAQ==$"))
    }

    @Test(
        "a text that is no stored password is refused",
        arguments: [
            "", "scrypt", "scrypt$1024$8$1$AQEBAQEBAQEBAQEBAQEBAQ==",
            "bcrypt$1024$8$1$AQEBAQEBAQEBAQEBAQEBAQ==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$01024$8$1$AQEBAQEBAQEBAQEBAQEBAQ==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$1024$8$1$AQEBAQEBAQEBAQEBAQEBAQ==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
            "scrypt$1024$8$1$AQEBAQEBAQEBAQEBAQEBAQ==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "scrypt$1024$8$1$AQEBAQEBAQEBAQEBAQEBAQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$1024$8$1$AQEB$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$1024$8$1$====$====", "scrypt$1024$8$1$ AQEB$AQEB", "scrypt$$$$$",
        ])
    func malformedHashes(text: String) {
        #expect(throws: CryptoError.malformedPasswordHash) { try PasswordHash(text: text) }
    }

    @Test(
        "a cost that could stop the service is refused",
        arguments: [
            (0, 8, 1), (1000, 8, 1), (-1024, 8, 1), (Int.max, 8, 1), (1 << 21, 8, 1), (1 << 20, 32, 1),
            (1024, 0, 1), (1024, 33, 1), (1024, 8, 0), (1024, 8, 17),
        ])
    func costLimits(iterations: Int, blockSize: Int, parallelism: Int) {
        #expect(throws: CryptoError.unacceptableCost) {
            try ScryptCost(iterations: iterations, blockSize: blockSize, parallelism: parallelism)
        }
    }
}
