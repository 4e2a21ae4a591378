/// An e-mail address in the one form in which two of the same person are equal.
public enum EmailAddress {
    /// The address without surrounding blanks, in lower case; nothing if it is none.
    ///
    /// Of RFC 5321 only what mail providers hand out: no quoted local parts, no address literals.
    public static func normalised(_ text: String) -> String? {
        let address = Blanks.trimmed(text).lowercased()
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard address.utf8.count <= 254, parts.count == 2, isLocalPart(parts[0]), isDomain(parts[1]) else {
            return nil
        }
        return address
    }

    private static func isLocalPart(_ part: Substring) -> Bool {
        guard (1...64).contains(part.utf8.count), !part.hasPrefix("."), !part.hasSuffix("."),
            !part.contains("..")
        else { return false }
        return part.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && scalar.value != 0x7f && !Blanks.isBlank(scalar)
                && !"()<>[],;:\\\"".unicodeScalars.contains(scalar)
        }
    }

    private static func isDomain(_ part: Substring) -> Bool {
        let labels = part.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2 else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.unicodeScalars.allSatisfy(isDomainScalar)
        }
    }

    private static func isDomainScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-": true
        // Internationalised names; whether they exist is found out when mail is sent.
        default: scalar.value >= 0xa1 && !Blanks.isBlank(scalar)
        }
    }
}

/// Blanks of any script around and within what people type.
public enum Blanks {
    /// Whether the scalar is white space, also one without width.
    public static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\u{200b}" || scalar == "\u{feff}"
    }

    /// The text without blanks at either end.
    public static func trimmed(_ text: String) -> String {
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return String(scalars)
    }
}
