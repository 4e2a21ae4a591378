import Kernel

/// A file of recorded bids is refused with its line, or read into bids within their ranges.
///
/// Input: with the lowest bit of the first byte set, the header is put in front of the rest.
enum CSVTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard let settings = input.first else { return }
        let rest = text(input.after(1))
        let file = settings & 1 == 1 ? RecordedBids.header + "\n" + rest : rest
        let lines = 1 + file.utf8.count { $0 == UInt8(ascii: "\n") }
        do throws(RecordedBidsFault) {
            let bids = try RecordedBids.read(file)
            expect(!bids.isEmpty, "a file that is read holds a bid")
            for bid in bids {
                expect((2...lines).contains(bid.line), "a bid's line is one of the file's")
                expect(bid.maximum >= 0 && bid.opening >= 0 && bid.finalPrice >= 0, "no amount below zero")
                expect(bid.after >= .zero && bid.length > .zero, "no time before the start")
            }
        } catch {
            expect((0...lines).contains(error.line), "the fault names one of the file's lines")
            _ = error.description
        }
    }
}
