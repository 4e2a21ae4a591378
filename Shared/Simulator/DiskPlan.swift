import CFaultDisk

extension SimulatedDisk {
    /// What can go wrong with an operation.
    public enum Fault: UInt32, CaseIterable, Sendable {
        /// The operation fails; of a write, some sectors may have been written.
        case error
        /// A write finds no room.
        case full
        /// A sync fails, and what it should have made durable never will be, although it can still be read.
        case lostSync
        /// The power goes.
        case power
        /// A read gives half of what was asked for.
        case shortRead
        /// A bit of what is read has flipped, for good.
        case bitFlip
        /// The process dies; the disk stays as it is.
        case crash
    }

    /// What a power loss does to writes that were not synced.
    public enum Loss: UInt32, CaseIterable, Sendable {
        /// All are lost.
        case all
        /// Each is kept or lost by itself, in whatever order they were made.
        case some
        /// Some are cut between two sectors.
        case torn
        /// Some sectors hold garbage.
        case garbled
    }

    /// Kinds of operations, as a plan counts them.
    public struct Operations: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let open = Operations(rawValue: 1)
        public static let read = Operations(rawValue: 2)
        public static let write = Operations(rawValue: 4)
        public static let truncate = Operations(rawValue: 8)
        public static let sync = Operations(rawValue: 16)
        public static let delete = Operations(rawValue: 32)
        public static let folderSync = Operations(rawValue: 64)
        public static let rename = Operations(rawValue: 128)
        public static let all = Operations(rawValue: 255)
        /// Those that change what is on the disk, or make it durable.
        public static let changing: Operations = [.write, .truncate, .sync, .delete, .folderSync, .rename]
    }
}
