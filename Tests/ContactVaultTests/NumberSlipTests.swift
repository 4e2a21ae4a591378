import ContactVaultRules
import Testing

@Suite("Numbers that somebody may have meant") struct NumberSlipTests {
    @Test("E11 a digit wrong, left out, too much, or two in the wrong order, and nothing else")
    func slips() {
        let slips = NumberSlips.of("4917112345")
        for near in ["4917112344", "4917112354", "491711234", "49171123455", "5917112345", "14917112345"] {
            #expect(slips.contains(near), "\(near)")
        }
        for far in ["4917112345", "4917112300", "4917112", "9417112354", "491711234567"] {
            #expect(!slips.contains(far), "\(far)")
        }
        #expect(Set(slips).count == slips.count)
        #expect(slips == slips.sorted())
        // 9 others at each of 10 places, 10 left out (11 is one number), 9 swapped (11 is itself), 10 * 11 - 10 longer.
        #expect(slips.count == 90 + 9 + 8 + 100)
    }

    @Test("E11 nothing is similar to what is no number, and no slip is longer or shorter than numbers are")
    func bounds() {
        for none in ["", "123456", "49171x2345", "4917112345678901"] { #expect(NumberSlips.of(none).isEmpty) }
        #expect(NumberSlips.of("1234567").allSatisfy { $0.count >= 7 })
        #expect(NumberSlips.of("123456789012345").allSatisfy { $0.count <= 15 })
    }
}
