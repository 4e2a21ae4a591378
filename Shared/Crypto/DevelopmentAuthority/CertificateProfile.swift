/// What a certificate is for.
enum CertificateProfile {
    case authority
    /// Shown by a server to clients that know it by these names.
    case server(names: [SubjectName])
    /// Shown by a service to the others, whether it dials or is dialled.
    case service(names: [SubjectName])

    /// Certificates begin a day back, for machines whose clocks differ.
    static let backdatedDays = 1

    /// Apple's limit for servers, 825 days, and ten years for the authority.
    var validDays: Int {
        switch self {
        case .authority: 3650
        case .server, .service: 825
        }
    }

    var names: [SubjectName] {
        switch self {
        case .authority: []
        case .server(let names), .service(let names): names
        }
    }

    /// The extensions as libcrypto's syntax has them, with their short names.
    var extensions: [(name: String, value: String)] {
        let subjectNames = names.map(\.extensionText).joined(separator: ",")
        return switch self {
        case .authority:
            [
                ("basicConstraints", "critical,CA:TRUE,pathlen:0"),
                ("keyUsage", "critical,keyCertSign,cRLSign"),
                ("subjectKeyIdentifier", "hash"),
            ]
        case .server:
            leafExtensions(usage: "serverAuth", subjectNames)
        case .service:
            leafExtensions(usage: "serverAuth,clientAuth", subjectNames)
        }
    }

    private func leafExtensions(usage: String, _ subjectNames: String) -> [(name: String, value: String)] {
        [
            ("basicConstraints", "critical,CA:FALSE"), ("keyUsage", "critical,digitalSignature"),
            ("extendedKeyUsage", usage), ("subjectKeyIdentifier", "hash"),
            ("authorityKeyIdentifier", "keyid"), ("subjectAltName", subjectNames),
        ]
    }
}
