import Crypto
import Testing

@Suite("Development certificates")
struct DevelopmentAuthorityTests {
    let folder: TemporaryFolder
    static let names = ["auction", "wallet", "contact-vault"]

    init() throws {
        folder = try TemporaryFolder()
    }

    func prepare(serverNames: [String] = []) throws(CryptoError) -> TLSFiles {
        try DevelopmentAuthority.prepare(
            folder: "\(folder.path)/data", identities: Self.names, serverNames: serverNames)
    }

    func content(_ files: TLSFiles) throws -> [[UInt8]] {
        let identities = [files.server] + Self.names.compactMap { files.services[$0] }
        return try [Files.read(files.authority)]
            + identities.flatMap { [try Files.read($0.certificate), try Files.read($0.privateKey)] }
    }

    @Test("the first start makes every file, keys for their owner only; the second keeps them")
    func firstAndSecondStart() throws {
        let files = try prepare()
        #expect(files.services.keys.sorted() == Self.names.sorted())
        #expect(files.authority == "\(folder.path)/data/tls/authority.pem")
        let first = try content(files)
        #expect(first.count == 9)
        #expect(first[0].starts(with: bytes("-----BEGIN CERTIFICATE-----")))
        #expect(first[2].starts(with: bytes("-----BEGIN PRIVATE KEY-----")))
        #expect(Files.permissions(files.server.privateKey) == 0o600)
        #expect(Files.permissions("\(folder.path)/data/tls/authority.key") == 0o600)
        #expect(try prepare() == files)
        #expect(try content(files) == first)
    }

    @Test("files that are missing, empty or of another key are made anew, the others kept")
    func repair() throws {
        let files = try prepare()
        let first = try content(files)
        let wallet = try #require(files.services["wallet"])
        let auction = try #require(files.services["auction"])
        try Files.remove(auction.certificate)
        try Files.write([], to: wallet.privateKey)
        try Files.write(try Files.read(wallet.certificate), to: files.server.certificate)

        let second = try content(try prepare())
        #expect(zip(first, second).map(==) == [true, false, false, false, false, false, false, true, true])
        #expect(try content(try prepare()) == second)
    }

    @Test("a new authority signs everything anew")
    func newAuthority() throws {
        let files = try prepare()
        let first = try content(files)
        try Files.remove(files.authority)
        let second = try content(try prepare())
        #expect(zip(first, second).allSatisfy { $0 != $1 })
    }

    @Test("a server name asked for later gets a new server certificate")
    func laterServerName() throws {
        let first = try content(try prepare())
        let second = try content(try prepare(serverNames: ["market.example", "192.0.2.7", "2001:db8::7"]))
        #expect(zip(first, second).map(==) == [true, false, false] + Array(repeating: true, count: 6))
        #expect(try content(try prepare(serverNames: ["192.0.2.7"])) == second)
    }

    @Test("processes that start at once agree")
    func concurrentStarts() async throws {
        let results = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<4 { group.addTask { try content(try prepare()) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }

    @Test(
        "a name that a certificate cannot bear is refused",
        arguments: ["", ".", "a..b", "-a", "a-", "a b", "a,DNS:evil.example", "ä.example", "*", "a/b"])
    func invalidNames(name: String) {
        #expect(throws: CryptoError.invalidName(name)) { try prepare(serverNames: [name]) }
        #expect(throws: CryptoError.invalidName(name)) {
            try DevelopmentAuthority.prepare(folder: folder.path, identities: [name])
        }
    }

    @Test("a service name is one label")
    func dottedIdentity() {
        #expect(throws: CryptoError.invalidName("a.b")) {
            try DevelopmentAuthority.prepare(folder: folder.path, identities: ["a.b"])
        }
    }

    @Test("a folder that cannot be made is a typed error")
    func noFolder() throws {
        try Files.write([], to: "\(folder.path)/data")
        #expect(throws: CryptoError.system(call: "mkdir", path: "\(folder.path)/data/tls", code: 20)) {
            try prepare()
        }
    }
}
