import Kernel

/// A script of calls is refused with its line, or read into steps that last no longer than they may.
///
/// Input: the first byte is the play's number among 256; the rest is the script.
enum ScriptsTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard let play = input.first else { return }
        let script = text(input.after(1))
        let lines = 1 + script.utf8.count { $0 == UInt8(ascii: "\n") }
        do throws(SwitchScript.Fault) {
            let read = try SwitchScript(script, play: Int(play), of: 256)
            expect(!read.lines.isEmpty, "a script that is read has a step")
            for line in read.lines {
                expect((1...lines).contains(line.number), "a step's line is one of the script's")
                switch line.step {
                case .wait(let span), .talk(let span):
                    expect(
                        span > .zero && span <= SwitchScript.longestStep, "no step lasts longer than a day")
                case .call(let called, _, _): expect(!called.contains("{n}"), "the play's number is put in")
                default: break
                }
            }
        } catch {
            expect((1...lines).contains(error.line), "the fault names one of the script's lines")
            _ = error.description
        }
    }
}
