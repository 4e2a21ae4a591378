import AuctionRules
import Kernel
import Messages
import Runtime

enum GetApplicationHandler {
    static func handle(_ query: GetApplication, _ reading: Reading) throws -> Outcome<ApplicationView> {
        guard let application = try reading.store.application(query.order),
            application.applicant == reading.acting.party || reading.acting.isOperator
        else { return .refused(.notFound) }
        let policy = try reading.store.policy(application.marketplace, application.policyVersion)
        let state = application.state
        let isOwn = application.applicant == reading.acting.party
        var view = ApplicationView()
        view.order = application.id
        view.listing = application.listing
        view.title = try reading.store.title(of: application.listing)
        view.stage = state.stage
        view.applicant = application.applicant
        view.introduction = application.introduction
        view.meetingAt = state.meetingAt
        view.appliedAt = state.appliedAt.ifAny
        view.openedAt = state.openedAt.ifAny
        view.remindedAt = application.remindedAt.ifAny
        view.decidedAt = application.decidedAt.ifAny
        view.revealedAt = state.revealedAt.ifAny
        view.grant = isOwn ? application.grant : .none
        view.fee = application.fee
        view.feeStage = state.fee
        view.invoiceNumber = application.invoiceNumber
        view.creditNoteNumber = application.creditNoteNumber
        (view.ways, view.nextWayAt) = ApplicationRules.ways(state, by: policy)
        return .answer(view)
    }
}

enum ListApplicationsHandler {
    static func handle(_ query: ListApplications, _ reading: Reading) throws -> Outcome<ApplicationPage> {
        let size = pageSize(query.limit)
        let found = try reading.store.applications(
            of: reading.acting.party, before: query.after, limit: size + 1)
        var page = ApplicationPage()
        page.more = found.count > size
        for application in found.prefix(size) {
            var entry = ApplicationEntry()
            entry.order = application.id
            entry.listing = application.listing
            entry.title = try reading.store.title(of: application.listing)
            entry.stage = application.state.stage
            entry.feeStage = application.state.fee
            entry.meetingAt = application.state.meetingAt
            entry.appliedAt = application.state.appliedAt.ifAny
            page.applications.append(entry)
        }
        return .answer(page)
    }
}
