import Synchronization

/// Files that lie elsewhere than in the machine's file system, such as on a simulated disk that fails.
package protocol FileLayer: Sendable {
    /// Whether the path belongs to this layer.
    func holds(_ path: String) -> Bool
    func open(_ path: String, _ mode: OpenFile.Mode) throws(CryptoError) -> any LayeredFile
    func exists(_ path: String) -> Bool
    func names(in folder: String) throws(CryptoError) -> [String]
    func rename(_ path: String, to new: String) throws(CryptoError)
    func removeIfPresent(_ path: String) throws(CryptoError)
    func syncFolder(_ path: String) throws(CryptoError)
}

/// An open file of another layer: whole ranges, or a throw.
package protocol LayeredFile: Sendable {
    func byteCount() throws(CryptoError) -> Int
    /// Fewer bytes than `count` only where the file ends.
    func read(at offset: Int, count: Int) throws(CryptoError) -> [UInt8]
    func write(_ bytes: [UInt8], at offset: Int) throws(CryptoError)
    func truncate(to byteCount: Int) throws(CryptoError)
    func sync() throws(CryptoError)
    /// Throws `inUse` while another open file of this path has the lock.
    func lock() throws(CryptoError)
}

/// The layer that a process uses beside the machine's file system; a running house has none.
package enum FileLayers {
    private static let layer = Mutex<(any FileLayer)?>(nil)

    package static func use(_ made: any FileLayer) {
        layer.withLock { $0 = made }
    }

    static func holding(_ path: String) -> (any FileLayer)? {
        layer.withLock { layer in layer.flatMap { $0.holds(path) ? $0 : nil } }
    }
}
