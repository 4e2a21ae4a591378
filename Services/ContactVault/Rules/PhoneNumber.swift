/// A phone number in the one form in which two ways to write it are equal.
public enum PhoneNumber {
    /// The digits of the international number (ITU-T E.164, without the plus); nothing if the text is none.
    ///
    /// `country` (ISO 3166-1) says where a number without country code is at home.
    public static func normalised(_ text: String, country: String) -> String? {
        guard let written = Written(text) else { return nil }
        let international: String
        if written.hasPlus {
            international = written.digits
        } else if written.digits.hasPrefix("00") {
            international = String(written.digits.dropFirst(2))
        } else if let plan = NumberingPlan.of(country) {
            international = plan.international(written.digits)
        } else {
            return nil
        }
        let digits = withoutTrunk(international)
        // A second trunk digit belongs to no number, and without it the number would be another's.
        guard (7...15).contains(digits.utf8.count), !digits.hasPrefix("0"), withoutTrunk(digits) == digits
        else { return nil }
        return digits
    }

    /// Takes out the trunk digit that some write after the country code: `+49 0170 …`.
    private static func withoutTrunk(_ digits: String) -> String {
        for plan in NumberingPlan.all where plan.trunk == "0" && digits.hasPrefix(plan.code + "0") {
            return plan.code + digits.dropFirst(plan.code.count + 1)
        }
        return digits
    }
}

/// A number as somebody typed it: its digits, and whether a plus stood before them.
private struct Written {
    var digits = ""
    var hasPlus = false

    init?(_ text: String) {
        for scalar in Blanks.trimmed(text).unicodeScalars {
            switch scalar {
            case "0"..."9": digits.unicodeScalars.append(scalar)
            case "+":
                guard digits.isEmpty, !hasPlus else { return nil }
                hasPlus = true
            case "-", ".", "/", "(", ")", "\u{2010}"..."\u{2015}": break
            default: guard Blanks.isBlank(scalar) else { return nil }
            }
        }
    }
}

/// How a country's numbers are written at home.
private struct NumberingPlan {
    let country: String
    let code: String
    /// What stands before the area code within the country.
    let trunk: String

    func international(_ digits: String) -> String {
        if trunk == "0", digits.hasPrefix(trunk) { return code + digits.dropFirst() }
        // In the plans of Russia and North America every national number has ten digits, so that an eleventh
        // is the trunk digit or the country code.
        if trunk == "8" || trunk == "1", digits.count == 11, digits.hasPrefix(trunk) || digits.hasPrefix(code)
        {
            return code + digits.dropFirst()
        }
        // Written with the country code, but without the plus.
        if trunk == "0", digits.hasPrefix(code), digits.count >= code.count + 8 { return digits }
        return code + digits
    }

    static func of(_ country: String) -> NumberingPlan? {
        let country = country.uppercased()
        return all.first { $0.country == country }
    }

    static let all: [NumberingPlan] = [
        ("DE", "49", "0"), ("AT", "43", "0"), ("CH", "41", "0"), ("LI", "423", ""), ("LU", "352", ""),
        ("GB", "44", "0"), ("IE", "353", "0"), ("FR", "33", "0"), ("NL", "31", "0"), ("BE", "32", "0"),
        ("DK", "45", ""), ("SE", "46", "0"), ("NO", "47", ""), ("FI", "358", "0"), ("PL", "48", ""),
        ("CZ", "420", ""), ("SK", "421", "0"), ("HU", "36", ""), ("IT", "39", ""), ("ES", "34", ""),
        ("PT", "351", ""), ("TR", "90", "0"), ("UA", "380", "0"), ("RU", "7", "8"), ("KZ", "7", "8"),
        ("US", "1", "1"), ("CA", "1", "1"),
    ].map { NumberingPlan(country: $0.0, code: $0.1, trunk: $0.2) }
}
