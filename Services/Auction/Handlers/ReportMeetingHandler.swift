import AuctionRules
import Messages
import Runtime

/// An applicant says that the meeting took place (B3), or buyer or seller of an appointment (C4).
enum ReportMeetingHandler {
    static func handle(_ command: ReportMeeting, _ turn: Turn) throws -> Outcome<Done> {
        guard var application = try turn.store.application(command.order) else {
            return try AppointmentReports.handle(command, turn)
        }
        guard application.applicant == turn.acting.party else { return .refused(.notFound) }
        if let refusal = ApplicationRules.refusalOfReport(application.state) { return .refused(refusal) }
        if application.state.reports.insert(.applicant).inserted { try turn.store.save(application) }
        return .answer(Done())
    }
}
