import Kernel
import Testing

@testable import Messages

@Suite("The numbers of a policy")
struct PolicyTests {
    @Test("the presets are within their ranges")
    func presets() {
        #expect(Policy().fault == nil)
        #expect(Policy.application.fault == nil)
        #expect(Policy.meetingAuction.fault == nil)
        #expect(Policy.prepaidLine.fault == nil)
    }

    @Test("what only applications read is looked at where applications are taken, and nowhere else")
    func applicationValues() {
        let spoilt: [(String, (inout Policy) -> Void)] = [
            ("applicationFee: above zero", { $0.applicationFee = 0 }),
            (
                "reminderAfter: not longer than decisionWindow",
                { $0.reminderAfter = Duration64(microseconds: $0.decisionWindow.microseconds + 1) }
            ),
            ("durations: above zero, at most ten years", { $0.meetingHorizon = .zero }),
            ("durations: above zero, at most ten years", { $0.meetingLength = .days(3_651) }),
        ]
        for (fault, spoil) in spoilt {
            var application = Policy.application
            spoil(&application)
            #expect(application.fault == fault)
            var auction = Policy()
            spoil(&auction)
            #expect(auction.fault == nil)
        }
    }

    @Test("what only meeting auctions read is looked at there, and nowhere else")
    func meetingValues() {
        let spoilt: [(String, (inout Policy) -> Void)] = [
            ("week: at least one day", { $0.workingWeek = 0 }),
            ("meeting: at least one working day", { $0.meeting.appointmentDays = 0 }),
            ("meeting: at least one working day", { $0.meeting.payoutDays = 0 }),
            ("meeting: at most 12 reminders", { $0.meeting.appointmentReminders = 13 }),
            (
                "meeting: reportReminder not longer than reportDeadline",
                {
                    $0.meeting.reportReminder = Duration64(
                        microseconds: $0.meeting.reportDeadline.microseconds + 1)
                }
            ),
            ("durations: above zero, at most ten years", { $0.meeting.reportReminder = .zero }),
            ("durations: above zero, at most ten years", { $0.meeting.ratingWindow = .zero }),
            ("basis points: 0 to 10,000", { $0.meeting.relistDiscount = BasisPoints(10_001) }),
        ]
        for (fault, spoil) in spoilt {
            var meetings = Policy.meetingAuction
            spoil(&meetings)
            #expect(meetings.fault == fault)
            for var other in [Policy(), Policy.application] {
                spoil(&other)
                #expect(other.fault == nil)
            }
        }
    }

    @Test("what only calls read is looked at where calls are taken, and nowhere else")
    func callValues() {
        let spoilt: [(inout Policy) -> Void] = [
            { $0.callMinimum = .zero }, { $0.callStep = Duration64(microseconds: -1) },
            { $0.callSilence = .hours(13) },
            { $0.callWarning = .zero },
        ]
        for spoil in spoilt {
            var calls = Policy.prepaidLine
            spoil(&calls)
            #expect(calls.fault == "call durations: above zero, at most twelve hours")
            var auction = Policy()
            spoil(&auction)
            #expect(auction.fault == nil)
        }
    }

    @Test("what every mode reads is looked at in every mode")
    func commonValues() {
        let spoilt: [(String, (inout Policy) -> Void)] = [
            ("durations", { $0.durations = [] }),
            ("increments: rising", { $0.increments.append($0.increments[0]) }),
            ("prices", { $0.greatestPrice = $0.leastPrice - 1 }),
            ("durations: above zero, at most ten years", { $0.paymentDeadline = .zero }),
            (
                "objectionWindow: not longer than holdPeriod",
                { $0.objectionWindow = Duration64(microseconds: $0.holdPeriod.microseconds + 1) }
            ),
            ("zoneMinutes: within 14 hours", { $0.zoneMinutes = 15 * 60 }),
            ("currency", { $0.currency = .none }),
        ]
        for (fault, spoil) in spoilt {
            for var policy in [Policy(), Policy.application, Policy.meetingAuction] {
                spoil(&policy)
                #expect(policy.fault == fault)
            }
        }
    }
}
