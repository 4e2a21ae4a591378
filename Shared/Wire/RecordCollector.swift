/// Gathers the fields of records and the cases of enumerations, for protocol.md.
public struct RecordCollector {
    public struct Field: Sendable, Equatable {
        public var name: String
        public var type: String
        public var traits: FieldTraits
    }
    public private(set) var records: [(name: String, fields: [Field])] = []
    public private(set) var enumerations: [(name: String, cases: [(UInt8, String)])] = []

    public init() {}

    public mutating func add<R: Record>(_: R.Type) {
        let name = R.wireName
        guard !records.contains(where: { $0.name == name }) else { return }
        records.append((name, []))
        let index = records.count - 1
        var visitor = DescribingVisitor(collector: self)
        var value = R()
        try? value.fields(&visitor)
        self = visitor.collector
        records[index].fields = visitor.fields
    }

    public mutating func add(cases: [(UInt8, String)], named name: String) {
        guard !enumerations.contains(where: { $0.name == name }) else { return }
        enumerations.append((name, cases))
    }

    /// The fields of `record`, in order.
    public static func fields<R: Record>(of record: R.Type) -> [Field] {
        var visitor = DescribingVisitor(collector: RecordCollector())
        var value = R()
        try? value.fields(&visitor)
        return visitor.fields
    }
}

struct DescribingVisitor: FieldVisitor {
    var collector: RecordCollector
    var fields: [RecordCollector.Field] = []
    init(collector: RecordCollector) { self.collector = collector }
    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        fields.append(.init(name: "\(name)", type: Value.wireName, traits: traits))
        Value.collectRecords(&collector)
    }
}
