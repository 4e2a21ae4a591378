import Testing

/// Bytes written as hexadecimal digits, as published test vectors have them; white space is skipped.
func hex(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue).map { UInt8($0) }
    guard digits.count % 2 == 0 else {
        Issue.record("an odd number of hexadecimal digits", sourceLocation: sourceLocation)
        return []
    }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func bytes(_ text: String) -> [UInt8] {
    Array(text.utf8)
}
