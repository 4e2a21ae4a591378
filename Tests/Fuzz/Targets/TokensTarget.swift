import Kernel
import Messages
import Wire

/// A token's text is refused or holds a token; whatever holds one can be written and read again.
///
/// Input: one byte that chooses kind and purpose, eight that are the time, then the text.
enum TokensTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 9 else { return }
        let now = Instant(
            microseconds: Int64(littleEndian: input.loadUnaligned(fromByteOffset: 1, as: Int64.self)))
        let token = text(input.after(9))
        if input[0] & 1 == 0 {
            access(token, now)
        } else {
            let purposes = LinkPurpose.allCases
            link(token, purposes[Int(input[0] >> 1) % purposes.count], now)
        }
    }

    /// Every signature is taken, so that the parser behind it is reached.
    private static func access(_ text: String, _ now: Instant) {
        var signature: [UInt8] = []
        let found = AccessToken.verify(text, now: now) {
            signature = $1
            return true
        }
        switch found {
        case .failure(let refusal): _ = refusal.encoded()
        case .success(let token):
            expect(now < token.expires, "a token that holds has not expired")
            let again = AccessToken.verify(token.text { _ in signature }, now: now) { $1 == signature }
            expect(again == .success(token), "a token is read as it was written")
        }
        expect(
            (try? AccessToken.verify(text, now: now) { _, _ in false }.get()) == nil,
            "no token without its signature")
    }

    private static func link(_ text: String, _ purpose: LinkPurpose, _ now: Instant) {
        // A hash of one byte, so that inputs can hit it.
        switch LinkToken.verify(text, purpose: purpose, hash: toyHash) {
        case .failure(let refusal): _ = refusal.encoded()
        case .success(let token):
            expect(token.purpose == purpose, "a link is good for its own purpose")
            expect((token.expired(at: now) == nil) == (now < token.expires), "a link expires at its time")
            let written = token.text(hash: toyHash)
            expect(
                LinkToken.verify(written, purpose: purpose, hash: toyHash) == .success(token),
                "a link is read as it was written")
            for other in LinkPurpose.allCases where other != purpose {
                expect(
                    (try? LinkToken.verify(written, purpose: other, hash: toyHash).get()) == nil,
                    "a link is good for no other purpose")
            }
        }
    }

    private static func toyHash(_ message: [UInt8]) -> [UInt8] { [message.reduce(0, ^)] }
}
