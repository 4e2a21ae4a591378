import Kernel
import Messages
import Runtime
import WalletRules

/// The two clocks of a call in progress: until its switch has been silent for too long, and until its money ends (E3).
enum CallClocks {
    /// Looks at the call again when its switch will have been silent for too long. A report that comes before does not
    /// move the clock, which finds out when it is due.
    static func awaitWord(of call: CallID, until silent: Instant, _ turn: Turn) throws {
        var timer = CallFallsSilent()
        timer.call = call
        try turn.schedule(timer, subject: call.raw, at: silent)
    }

    /// Another call, a top-up or a service has changed what is free: every call on the balance ends at another time.
    static func moneyChanged(on account: CallerAccount, lengthened: Bool, _ turn: Turn) throws {
        for id in try Calls.inProgress(on: account.id, turn.store) {
            guard var stored = try Calls.find(id, turn.store),
                let end = stored.moneyEnds(with: account.balance)
            else { continue }
            if lengthened {
                tell(.callLengthened, stored, account.balance, end, turn)
                stored.warned = false
                try Calls.save(stored, turn.store)
            }
            try warn(stored, at: end, turn)
        }
    }

    /// One call has been heard of, and what is free on its balance is as before.
    static func moneyUnchanged(on stored: StoredCall, _ balance: PrepaidBalance, _ turn: Turn) throws {
        if let end = stored.moneyEnds(with: balance) { try warn(stored, at: end, turn) }
    }

    private static func warn(_ stored: StoredCall, at end: Instant, _ turn: Turn) throws {
        guard !stored.warned else { return }
        var timer = CallNearsItsEnd()
        timer.call = stored.id
        try turn.schedule(timer, subject: stored.id.raw, at: max(turn.now, end - stored.policy.callWarning))
    }

    /// Switch and provider, who tell caller and agent.
    static func tell(
        _ event: NotificationEvent, _ stored: StoredCall, _ balance: PrepaidBalance, _ end: Instant,
        _ turn: Turn
    ) {
        var values = [NotificationValue(.number, "\(stored.id)"), NotificationValue(.deadline, end)]
        if event == .callLengthened { values.append(NotificationValue(.balance, balance.free)) }
        for party in [stored.telephoneSwitch, stored.profile.provider] {
            Telling.send(
                event, to: party, in: stored.profile.marketplace, subject: stored.id.raw, values, turn)
        }
    }
}

/// Two minutes before the money ends: caller and agent are to be told (E3).
enum CallNearsItsEndHandler {
    static func handle(_ message: CallNearsItsEnd, _ turn: Turn) throws {
        if let call = try LeadCalls.find(message.call, turn.store) {
            return try LeadCallClocks.moneyEnds(call, turn)
        }
        guard var stored = try Calls.find(message.call, turn.store), stored.stage == .inProgress else {
            return
        }
        let balance = try CallerDesk.of(stored, turn).account.balance
        guard let end = stored.moneyEnds(with: balance) else { return }
        CallClocks.tell(.callMinutesShort, stored, balance, end, turn)
        stored.warned = true
        try Calls.save(stored, turn.store)
    }
}

/// The switch has been silent for too long: the call ended when it last said that it went on.
enum CallFallsSilentHandler {
    static func handle(_ message: CallFallsSilent, _ turn: Turn) throws {
        if let call = try LeadCalls.find(message.call, turn.store) {
            return try LeadCallClocks.silent(call, turn)
        }
        guard let stored = try Calls.find(message.call, turn.store), stored.stage == .inProgress else {
            return
        }
        let silent = stored.heardAt + stored.policy.callSilence
        guard silent <= turn.now else {
            return try CallClocks.awaitWord(of: stored.id, until: silent, turn)
        }
        if case .failure(let refusal) = try Settling.settle(stored, .lost, turn) {
            throw WalletFault.movementRefused(refusal)
        }
    }
}
