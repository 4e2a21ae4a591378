import DisputeRules
import Kernel
import Messages
import Runtime

/// The seller answers an objection; after that the operator decides (A14).
enum SubmitStatementHandler {
    static func handle(_ command: SubmitStatement, _ turn: Turn) throws -> Outcome<Done> {
        guard var found = try VisibleCase.find(command.case, by: turn.acting, turn.store) else {
            return .refused(.notFound, found: "case \(command.case)")
        }
        let party = turn.acting.party
        guard party == found.order.seller else {
            return .refused(.forbidden, expected: "the order's seller")
        }
        let stated = found.row.statedAt != .none
        if let refusal = CaseRules.statementRefusal(stage: found.row.stage, stated: stated) {
            return .refused(refusal)
        }
        guard !command.statement.isEmpty else {
            return .refused(.invalidText, expected: "a statement", found: "an empty one")
        }
        if !command.evidence.isEmpty {
            let present = try Proofs.evidenceCount(of: found.row.id, turn.store)
            if let refusal = CaseRules.evidenceRefusal(
                stage: found.row.stage, present: present, added: command.evidence)
            {
                return .refused(refusal)
            }
        }
        try turn.cancel(StatementLapsed.self, subject: found.row.id.raw)
        found.row.stage = .awaitingVerdict
        found.row.statement = command.statement
        found.row.statedAt = turn.now
        try Cases.save(found.row, turn.store)
        try AddEvidenceHandler.add(command.evidence, to: found.row.id, turn)
        Telling.tell(
            .statementReceived, to: found.order.buyer, of: found.order, subject: found.row.id, [], turn)
        return .answer(Done())
    }
}

enum AddEvidenceHandler {
    static func handle(_ command: AddEvidence, _ turn: Turn) throws -> Outcome<Done> {
        guard let found = try VisibleCase.find(command.case, by: turn.acting, turn.store) else {
            return .refused(.notFound, found: "case \(command.case)")
        }
        let present = try Proofs.evidenceCount(of: found.row.id, turn.store)
        if let refusal = CaseRules.evidenceRefusal(
            stage: found.row.stage, present: present, added: command.evidence)
        {
            return .refused(refusal)
        }
        try add(command.evidence, to: found.row.id, turn)
        return .answer(Done())
    }

    static func add(_ evidence: [Evidence], to id: CaseID, _ turn: Turn) throws {
        for piece in evidence {
            try Proofs.add(
                piece, number: turn.newID(CaseID.self).raw, to: id, by: turn.acting.party, at: turn.now,
                turn.store)
        }
    }
}
