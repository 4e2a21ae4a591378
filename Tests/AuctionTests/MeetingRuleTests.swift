import AuctionRules
import Kernel
import Messages
import Testing

@Suite("What buyer and seller may do about an appointment, and when")
struct MeetingRuleTests {
    private enum Held: Equatable {
        case success(Instant)
        case failure(RefusalCode)
    }

    private static let buyer = PartyID(1)
    private static let seller = PartyID(2)

    private static func at(_ text: String) -> Instant { Instant(iso8601: text) ?? .none }

    /// An award on Maundy Thursday 2026 in the evening.
    private static var state: MeetingState {
        MeetingState(buyer: buyer, seller: seller, beganAt: at("2026-04-02T17:00:00Z"))
    }

    @Test("C3 the 7 working days leave out Sundays and the holidays of the marketplace's region")
    func term() {
        var policy = Policy.meetingAuction
        // Good Friday and Easter Monday are none: Saturday 4, Tuesday 7 to Saturday 11, Monday 13 April.
        #expect(
            MeetingRules.agreeBefore(beganAt: Self.state.beganAt, by: policy)
                == Self.at("2026-04-13T22:00:00Z"))
        policy.holidays = .none
        #expect(
            MeetingRules.agreeBefore(beganAt: Self.state.beganAt, by: policy)
                == Self.at("2026-04-10T22:00:00Z"))
        policy.workingWeek = 0b0001_1111
        #expect(
            MeetingRules.agreeBefore(beganAt: Self.state.beganAt, by: policy)
                == Self.at("2026-04-13T22:00:00Z"))
    }

    @Test("C4 the price is due within 3 working days of the meeting")
    func payout() {
        let policy = Policy.meetingAuction
        #expect(
            MeetingRules.payoutBefore(heldAt: Self.state.beganAt, by: policy)
                == Self.at("2026-04-08T22:00:00Z"))
    }

    @Test("C3 an acceptance is of the other side's proposal, before its time")
    func acceptance() {
        var state = Self.state
        let now = Self.at("2026-04-03T09:00:00Z")
        let at = now + .hours(1)
        func refusal(_ time: Instant, by party: PartyID, now: Instant, _ order: OrderStage = .revealed)
            -> RefusalCode?
        {
            MeetingRules.refusalOfAcceptance(at: time, by: party, state, order: order, now: now)?.reason
        }
        #expect(refusal(at, by: Self.buyer, now: now) == .wrongState)
        state.proposedBy = Self.seller
        state.proposedAt = at
        #expect(refusal(at, by: Self.buyer, now: now) == nil)
        #expect(refusal(at, by: Self.buyer, now: at - .microseconds(1)) == nil)
        #expect(refusal(at, by: Self.buyer, now: at) == .wrongState)
        #expect(refusal(at, by: Self.seller, now: now) == .wrongState)
        #expect(refusal(at + .microseconds(1), by: Self.buyer, now: now) == .wrongState)
        #expect(refusal(at, by: Self.buyer, now: now, .frozen) == nil)
        for stage in [OrderStage.refunded, .payingOut, .paidOut, .refunding] {
            #expect(refusal(at, by: Self.buyer, now: now, stage) == .wrongState)
        }
        state.sellerReportedAt = now
        #expect(refusal(at, by: Self.buyer, now: now) == .wrongState)
    }

    @Test("C4 a meeting took place when its report says, between the award and now")
    func held() throws {
        var state = Self.state
        let now = Self.at("2026-04-03T09:00:00Z")
        func held(_ stated: Instant?, now: Instant = now) -> Held {
            switch MeetingRules.heldAt(stated: stated, state, order: .revealed, now: now) {
            case .success(let at): .success(at)
            case .failure(let refusal): .failure(refusal.reason)
            }
        }
        #expect(held(nil) == .success(now))
        #expect(held(state.beganAt) == .success(state.beganAt))
        #expect(held(state.beganAt - .microseconds(1)) == .failure(.invalidValue))
        #expect(held(now) == .success(now))
        #expect(held(now + .microseconds(1)) == .failure(.invalidValue))
        state.meetingAt = now
        #expect(held(nil, now: now - .microseconds(1)) == .failure(.wrongState))
        #expect(held(nil, now: now + .hours(3)) == .success(now))
    }

    @Test("C4 the price is payable once both have reported, or support was asked")
    func payable() {
        var state = Self.state
        let now = Self.at("2026-04-03T09:00:00Z")
        #expect(!MeetingRules.isPayable(state))
        state.buyerReportedAt = now
        #expect(!MeetingRules.isPayable(state) && MeetingRules.waitsForReport(state, order: .revealed))
        #expect(!MeetingRules.waitsForReport(state, order: .refunded))
        #expect(MeetingRules.reportUntil(state, by: .meetingAuction) == now + .days(10))
        state.supportAt = now
        #expect(MeetingRules.isPayable(state) && !MeetingRules.waitsForReport(state, order: .revealed))
        state.supportAt = .none
        state.sellerReportedAt = now
        #expect(MeetingRules.isPayable(state) && MeetingRules.stage(state) == .confirmed)
    }

    @Test("C6 a tenth less is suggested, and never less than the least price")
    func suggestion() {
        let policy = Policy.meetingAuction
        for (start, suggested) in [(4_000, 3_600), (100, 100), (105, 100), (1_005, 904)] as [(Int64, Int64)] {
            let found = MeetingRules.suggestedPrice(startPrice: Money(start, .eur), by: policy)
            #expect(found == Money(suggested, .eur))
        }
    }
}

extension Duration64 {
    fileprivate static func microseconds(_ count: Int64) -> Duration64 { Duration64(microseconds: count) }
}
