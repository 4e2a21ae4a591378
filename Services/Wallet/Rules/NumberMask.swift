/// How a withheld number is shown to a provider who looks for it (E11).
public enum NumberMask {
    /// All but the last three digits hidden, however long it is.
    public static func masked(_ digits: String) -> String {
        digits.count > 3 ? "•••" + digits.suffix(3) : digits.isEmpty ? "" : "•••"
    }
}
