import NIOCore
import NIOSSL

/// How a link is secured: always TLS 1.3, read from PEM files once.
public struct LinkTLS: Sendable {
    /// The application protocol that both sides must name, so that no other protocol's bytes can be passed off as this.
    public static let gavelProtocol = "gavel/1"

    enum Side: Sendable, Equatable {
        case server
        /// The name that the server's certificate must bear; nil: its address.
        case client(serverName: String?)
    }

    let side: Side
    let protocols: [String]
    private let context: NIOSSLContext

    /// The listening side.
    ///
    /// - Parameters:
    ///   - certificate: path of the certificate chain, the leaf first.
    ///   - privateKey: path of the leaf's key.
    ///   - clientAuthority: path of the authority that must have signed each client's certificate; nil: clients
    ///     show none.
    /// - Throws: NIOSSL's error where a file is missing or unfit.
    public static func server(
        certificate: String, privateKey: String, clientAuthority: String? = nil,
        protocols: [String] = [gavelProtocol]
    ) throws -> LinkTLS {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain(certificate), privateKey: try key(privateKey))
        if let clientAuthority {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(clientAuthority))
        }
        return try LinkTLS(.server, configuration, protocols)
    }

    /// The dialling side.
    ///
    /// - Parameters:
    ///   - authority: path of the authority that must have signed the server's certificate; nil: those that the
    ///     machine trusts.
    ///   - identity: paths of this side's own certificate chain and key, where the server asks for them.
    ///   - serverName: the name that the server's certificate must bear; nil: the address that is dialled.
    /// - Throws: NIOSSL's error where a file is missing or unfit.
    public static func client(
        authority: String?, identity: (certificate: String, privateKey: String)? = nil, serverName: String?,
        protocols: [String] = [gavelProtocol]
    ) throws -> LinkTLS {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        if let authority {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority))
        }
        if let identity {
            configuration.certificateChain = try chain(identity.certificate)
            configuration.privateKey = try key(identity.privateKey)
        }
        return try LinkTLS(.client(serverName: serverName), configuration, protocols)
    }

    private init(_ side: Side, _ configuration: TLSConfiguration, _ protocols: [String]) throws {
        var configuration = configuration
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = protocols
        self.side = side
        self.protocols = protocols
        context = try NIOSSLContext(configuration: configuration)
    }

    private static func chain(_ path: String) throws -> [NIOSSLCertificateSource] {
        try NIOSSLCertificate.fromPEMFile(path).map { .certificate($0) }
    }

    private static func key(_ path: String) throws -> NIOSSLPrivateKeySource {
        .privateKey(try NIOSSLPrivateKey(file: path, format: .pem))
    }

    func handler() throws -> NIOSSLHandler {
        switch side {
        case .server: NIOSSLServerHandler(context: context)
        case .client(let serverName): try NIOSSLClientHandler(context: context, serverHostname: serverName)
        }
    }
}

/// The service that a certificate names: `wallet` for `wallet.gavel.internal`.
enum ServiceIdentity {
    private static let domain = ".gavel.internal"

    /// Nil unless the certificate names exactly one service.
    static func named(by certificate: NIOSSLCertificate) -> String? {
        let services = certificate._subjectAlternativeNames().compactMap { name in
            name.nameType == .dnsName ? service(String(decoding: name.contents, as: UTF8.self)) : nil
        }
        return services.count == 1 ? services.first : nil
    }

    private static func service(_ host: String) -> String? {
        guard host.hasSuffix(domain) else { return nil }
        let label = host.dropLast(domain.count)
        let isPlain = label.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        return isPlain && !label.isEmpty ? String(label) : nil
    }
}
