import Wire

/// Where the gateway serves its page for callers who pay in. As JSON in the data folder's `page.json`; without the file
/// there is no page.
public struct PageSettings: Record, Hashable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// 0: any free port, which `run/page.port` names.
    public var port: UInt16 = 7443
    /// Where browsers reach it, such as `https://pay.example.com`; empty: host and port.
    public var address = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("host", &host)
        try visit.field("port", &port)
        try visit.field("address", &address)
    }
}
