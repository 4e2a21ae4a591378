import Gateway
import Host

/// What a gateway's limits make of the connections that a load needs.
enum LoadAdmission {
    /// Why the gateway will not let all of them in; nothing if it will.
    ///
    /// - Parameters:
    ///   - needed: connections from this machine at the same time.
    ///   - file: where the limits are written.
    static func fault(needed: Int, _ limits: GatewayLimits, file: String) -> String? {
        for (name, most) in [
            ("linksPerAddress", limits.linksPerAddress), ("links", limits.links),
        ] where needed > Int(most) {
            return """
                expected at most \(most) connections, the gateway's limit '\(name)' in \(file), found \(needed) \
                that this run needs: raise the limit and start the gateway again, or ask for fewer by --idle, \
                --connections or --buyers
                """
        }
        return nil
    }
}
