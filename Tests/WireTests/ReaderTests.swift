import Testing
import Wire

@Suite("Values from bytes")
struct ReaderTests {
    private func read<Value: FieldValue>(
        _: Value.Type, _ hex: String, _ traits: FieldTraits = .plain
    ) throws(WireError) -> Value {
        guard let bytes = Hex.decode(hex) else { throw .invalidText }
        var result: Result<Value, WireError> = .failure(.invalidText)
        bytes.withUnsafeBytes { raw in
            do throws(WireError) {
                var reader = Reader(raw)
                let value = try Value.read(&reader, traits)
                try reader.finish()
                result = .success(value)
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    @Test("integers are little-endian, and as long as their type")
    func integers() throws {
        #expect(try read(UInt8.self, "2a") == 42)
        #expect(try read(UInt16.self, "2a01") == 298)
        #expect(try read(UInt32.self, "00000080") == 1 << 31)
        #expect(try read(Int32.self, "ffffffff") == -1)
        #expect(try read(UInt64.self, "ffffffffffffffff") == .max)
        #expect(try read(Int64.self, "0000000000000080") == .min)
        #expect(throws: WireError.truncated(expected: 8, found: 7)) { try read(Int64.self, "00000000000000") }
    }

    @Test("a bool is 0 or 1 and nothing else")
    func bools() throws {
        #expect(try read(Bool.self, "01"))
        #expect(throws: WireError.invalidCase(type: "bool", found: 2)) { try read(Bool.self, "02") }
    }

    @Test(
        "a text is counted UTF-8 without control characters",
        arguments: [
            ("03000000616263", "abc"), ("00000000", ""), ("02000000c3a9", "é"), ("03000000610962", "a\tb"),
            ("03000000610a62", "a\nb"), ("04000000f09f9880", "😀"),
        ])
    func texts(hex: String, text: String) throws {
        #expect(try read(String.self, hex) == text)
    }

    @Test(
        "a text with controls, half characters, overlong forms or surrogates is refused",
        arguments: [
            "0100000000", "010000000d", "010000001b", "010000007f", "01000000c3", "01000000ff",
            "02000000c080", "03000000eda080", "04000000f4908080", "02000000c328",
        ])
    func wrongTexts(hex: String) {
        #expect(throws: WireError.invalidText) { try read(String.self, hex) }
    }

    @Test(
        "a declared length above the limit is refused by itself, before what it counts",
        arguments: ["05000000", "ffffff7f", "00000080", "ffffffff"])
    func tooLong(hex: String) throws {
        let found = Int(try read(UInt32.self, hex))
        let refusal = WireError.tooLong(limit: 4, found: found)
        #expect(throws: refusal) { try read(String.self, hex, .limit(4)) }
        #expect(throws: refusal) { try read(Bytes.self, hex, .limit(4)) }
        #expect(throws: refusal) { try read([UInt64].self, hex, .limit(4)) }
        #expect(throws: refusal) { try read([[String]].self, hex, .limit(4)) }
    }

    @Test("a list that declares more entries than bytes follow is refused before any is read")
    func hollowList() {
        #expect(throws: WireError.truncated(expected: 5, found: 4)) {
            try read([UInt8].self, "0500000001020304")
        }
        #expect(throws: WireError.truncated(expected: 1 << 20, found: 0)) {
            try read([UInt64].self, "00001000", .limit(1 << 20))
        }
    }

    @Test("an optional is a bool and, after 1, the value")
    func optionals() throws {
        #expect(try read(UInt16?.self, "00") == nil)
        #expect(try read(UInt16?.self, "010200") == 2)
        #expect(throws: WireError.invalidCase(type: "bool", found: 3)) { try read(UInt16?.self, "030200") }
        #expect(throws: WireError.truncated(expected: 2, found: 1)) { try read(UInt16?.self, "0102") }
        #expect(throws: WireError.trailingBytes(2)) { try read(UInt16?.self, "000200") }
    }

    @Test("no value can be read from no bytes, also where there is no memory behind them")
    func nothing() {
        var reader = Reader(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(throws: WireError.truncated(expected: 1, found: 0)) { try reader.integer(UInt8.self) }
        #expect(throws: WireError.truncated(expected: 4, found: 0)) { try reader.text(limit: 1) }
    }

    @Test("the limit of a text counts bytes, not characters")
    func limitOfBytes() throws {
        #expect(try read(String.self, "04000000c3a9c3a9", .limit(4)) == "éé")
        #expect(throws: WireError.tooLong(limit: 3, found: 4)) {
            try read(String.self, "04000000c3a9c3a9", .limit(3))
        }
    }
}
