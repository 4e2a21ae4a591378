import Kernel
import Messages
import Runtime

/// What stands between a preliminary call's numbers and words and the writer.
enum CallEdge {
    /// Replaces the number that a buyer will call from by its name in the vault (D1).
    static func admit(_ command: inout ActivateCall, _ context: any EdgeContext) throws -> Refusal? {
        let number = command.callFrom
        command.callFrom = PersonalText()
        var query = RecogniseCaller()
        query.provider = context.acting.party
        query.number = number
        query.country = command.country
        do {
            // Most buyers call from where they called before: then the vault writes nothing.
            command.caller = try context.ask(query, of: .contactVault).caller
        } catch let refusal as Refusal where refusal.reason == .notFound {
            var admit = AdmitCaller()
            admit.provider = context.acting.party
            admit.number = number
            admit.country = command.country
            command.caller = try context.command(admit, of: .contactVault).caller
        }
        return nil
    }

    /// Finds the activation that a call belongs to, and contact data in a transcript (D6).
    static func check(_ command: inout ReportFishing, _ context: any EdgeContext) throws -> Refusal? {
        let words = command.words.plaintext ?? ""
        guard !words.allSatisfy(\.isWhitespace) else {
            return Refusal(.invalidText, expected: "what was said", found: "nothing")
        }
        var query = FindLeadCall()
        query.call = command.call
        query.telephoneSwitch = context.acting.party
        command.activation = try context.ask(query, of: .wallet).activation
        if command.source == .transcript, ContactData.found(in: words) == nil {
            return Refusal(.wrongState, expected: "contact data in the transcript", found: "none")
        }
        return nil
    }
}
