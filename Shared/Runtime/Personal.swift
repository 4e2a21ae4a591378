import Crypto
import Kernel
import Messages
import Wire

/// Seals and opens the personal text of messages at a service's edge (design: no plaintext behind it).
public enum Personal {
    /// Whether a record, or one within it, has a field for personal text.
    static func hasPersonalText<R: Wire.Record>(_: R.Type) -> Bool {
        var collector = RecordCollector()
        collector.add(R.self)
        return collector.records.contains { record in
            record.fields.contains { $0.type.contains(PersonalText.wireName) }
        }
    }

    /// Seals every personal text of `record` that is plaintext, under one new data key of its own.
    ///
    /// The key is durable before this returns, so that no queued command names a key that a crash could lose.
    static func seal(_ record: inout some Wire.Record, _ context: any EdgeContext) throws {
        var visitor = SealingVisitor(context: context)
        try record.fields(&visitor)
        if let failure = visitor.failure { throw failure }
    }

    /// Opens every sealed text of `record`; one whose key was destroyed becomes empty.
    static func open(_ record: inout some Wire.Record, _ context: any EdgeContext) throws {
        var visitor = OpeningVisitor(keys: context.keys)
        try record.fields(&visitor)
        if let failure = visitor.failure { throw failure }
    }

    /// The plaintext of `text`; nothing if its key was destroyed.
    ///
    /// A key that is there and cannot be read is a fault: taken for a destroyed one, it would make a right password
    /// wrong, a contact that was paid for empty, and a payout account unknown.
    public static func open(_ text: PersonalText, _ keys: KeyStore) throws(CryptoError) -> String? {
        guard text.isSealed else { return text.plaintext }
        do {
            let bytes = try keys.open(keyID: text.key, ciphertext: text.bytes, associated: [])
            return String(decoding: bytes, as: UTF8.self)
        } catch .unknownKey {
            return nil
        }
    }
}

struct SealingVisitor: FieldVisitor {
    let context: any EdgeContext
    var dataKey: (id: UInt64, key: [UInt8])?
    var failure: (any Error)?

    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        guard let text = value as? PersonalText else {
            try value.descend(&self)
            return
        }
        guard !text.isEmpty, failure == nil else { return }
        // Whoever could send sealed text could name another's key, and have it opened or destroyed.
        guard !text.isSealed else {
            failure = Refusal(.invalidValue, expected: "plaintext in '\(name)'", found: "sealed text")
            return
        }
        do {
            let key = try dataKey ?? context.makeKey()
            dataKey = key
            let sealed = try AESGCM.seal(
                text.bytes, key: key.key, nonce: context.randomBytes(12), associated: [])
            if let replaced = PersonalText(key: key.id, bytes: sealed) as? Value { value = replaced }
        } catch {
            failure = error
        }
    }
}

struct OpeningVisitor: FieldVisitor {
    let keys: KeyStore
    var failure: CryptoError?

    mutating func field<Value: FieldValue>(
        _ name: StaticString, _ value: inout Value, _ traits: FieldTraits
    ) throws(WireError) {
        guard let text = value as? PersonalText else {
            try value.descend(&self)
            return
        }
        guard text.isSealed, failure == nil else { return }
        do throws(CryptoError) {
            if let opened = PersonalText(try Personal.open(text, keys) ?? "") as? Value { value = opened }
        } catch {
            failure = error
        }
    }
}
