/// Where the development certificates of a data folder are.
public struct TLSFiles: Sendable, Equatable {
    /// A certificate and its private key, both PEM files.
    public struct Identity: Sendable, Equatable {
        /// The path of the certificate, signed by the authority.
        public let certificate: String
        /// The path of the private key (PKCS #8), mode 0600.
        public let privateKey: String
    }

    /// The path of the authority's own certificate, which every peer trusts.
    public let authority: String
    /// What the gateway shows its clients.
    public let server: Identity
    /// What each service shows the others, by its name.
    public let services: [String: Identity]
}
