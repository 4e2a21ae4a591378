/// Makes the certificates with which a development system runs the same TLS as a real one.
///
/// One authority per data folder signs a server certificate for the gateway and an identity for each service.
/// Its key lies beside them, so nothing outside development must trust it.
public enum DevelopmentAuthority {
    /// The domain under which services know each other.
    public static let serviceDomain = "gavel.internal"
    /// The names under which the server is always known.
    public static let localNames = ["localhost", "127.0.0.1", "::1"]

    /// Sees to it that `<folder>/tls` holds a certificate for the server and for each identity.
    ///
    /// Keeps what is there and still fits: signed by this authority, for this key, with these names, not
    /// expired. Makes the rest anew, also what an interrupted run left half done. Processes that start at
    /// once wait for each other. Throws `invalidName` or `system`.
    ///
    /// - Parameters:
    ///   - folder: the data folder; it and those above it are made where they are not there.
    ///   - identities: names of services, each one DNS label; `auction` becomes `auction.gavel.internal`.
    ///   - serverNames: DNS names and addresses of the server besides the local ones.
    public static func prepare(
        folder: String, identities: [String], serverNames: [String] = []
    ) throws(CryptoError) -> TLSFiles {
        var server: [SubjectName] = []
        for name in localNames + serverNames {
            let name = try SubjectName(name)
            if !server.contains(name) { server.append(name) }
        }
        for identity in identities where identity.contains(".") || !SubjectName.isHost(identity) {
            throw .invalidName(identity)
        }

        let certificates = try CertificateFolder("\(folder)/tls")
        let serverFiles = try certificates.provide(
            "server", commonName: "Gavel development server", .server(names: server))
        var services: [String: TLSFiles.Identity] = [:]
        for identity in identities {
            let name = SubjectName.host("\(identity).\(serviceDomain)")
            services[identity] = try certificates.provide(
                "service-\(identity)", commonName: identity, .service(names: [name]))
        }
        return TLSFiles(authority: certificates.authorityPath, server: serverFiles, services: services)
    }
}
