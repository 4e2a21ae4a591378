import Kernel
import Messages
import Wire

/// One client's call that is answered from several services at once.
struct FanOut {
    /// What one service said.
    enum Part {
        case answer(code: UInt16, body: [UInt8])
        case refused(Refusal)
        /// It could not be reached, or did not answer in time.
        case missing

        func decoded<A: Message>(_: A.Type = A.self) -> A? {
            guard case .answer(A.code, let body) = self else { return nil }
            return try? A(decoding: body)
        }

        /// Whether the service has nothing to say because there is nothing, as opposed to not answering.
        var isEmpty: Bool {
            if case .refused(let refusal) = self { return refusal.reason == .notFound }
            return false
        }
    }

    struct Request {
        var service: ServiceName
        var code: UInt16
        var body: [UInt8]

        init(_ service: ServiceName, _ query: some Query) {
            self.service = service
            code = type(of: query).code
            body = query.encoded()
        }
    }

    /// What becomes of the parts, in the order of the requests.
    typealias Composition = ([(service: ServiceName, part: Part)]) -> Result<
        (code: UInt16, body: [UInt8]), Refusal
    >

    let client: LinkID
    let correlation: UInt64
    let compose: Composition
    private var parts: [(service: ServiceName, part: Part?)]

    init(client: LinkID, correlation: UInt64, services: [ServiceName], compose: @escaping Composition) {
        self.client = client
        self.correlation = correlation
        self.compose = compose
        parts = services.map { ($0, nil) }
    }

    /// Whether every part is there.
    mutating func take(_ part: Part, at index: Int) -> Bool {
        parts[index].part = part
        return parts.allSatisfy { $0.part != nil }
    }

    func composed() -> Result<(code: UInt16, body: [UInt8]), Refusal> {
        compose(parts.map { ($0.service, $0.part ?? .missing) })
    }
}

/// A party's trade at a glance.
enum DashboardCall {
    static let requests: [FanOut.Request] = [
        .init(.auction, GetTradeSummary()), .init(.wallet, GetBalance()),
        .init(.notifications, GetUnreadCount()), .init(.dispute, GetOpenDisputeCount()),
    ]

    static func compose(
        _ parts: [(service: ServiceName, part: FanOut.Part)]
    ) -> Result<(code: UInt16, body: [UInt8]), Refusal> {
        var dashboard = Dashboard()
        for (service, part) in parts {
            if let trades: TradeSummary = part.decoded() {
                dashboard.won = trades.won
                dashboard.sold = trades.sold
                dashboard.running = trades.running
                dashboard.expired = trades.expired
            } else if let balance: BalanceDetails = part.decoded() {
                dashboard.balance = [balance.posted]
                dashboard.available = balance.available.map { [$0] } ?? []
            } else if let count: UnreadCount = part.decoded() {
                dashboard.unread = count.unread
            } else if let count: OpenDisputeCount = part.decoded() {
                dashboard.openDisputes = count.open
            } else if !part.isEmpty {
                dashboard.missing.append(service)
            }
        }
        return .success((Dashboard.code, dashboard.encoded()))
    }
}

/// All that the house knows of an order.
enum OrderDetailsCall {
    private static let newestMessages: UInt16 = 25

    static func requests(_ order: OrderID) -> [FanOut.Request] {
        var trade = GetOrder()
        trade.order = order
        var invoices = ListInvoices()
        invoices.order = order
        invoices.limit = 100
        var conversation = ReadConversation()
        conversation.order = order
        conversation.limit = newestMessages
        conversation.newestFirst = true
        var cases = ListCases()
        cases.order = order
        cases.limit = 100
        return [
            .init(.auction, trade), .init(.wallet, invoices), .init(.notifications, conversation),
            .init(.dispute, cases),
        ]
    }

    /// The auction knows who has a part in an order: its refusal refuses the whole (rule F9).
    static func compose(
        _ parts: [(service: ServiceName, part: FanOut.Part)]
    ) -> Result<(code: UInt16, body: [UInt8]), Refusal> {
        var details = OrderDetails()
        for (service, part) in parts {
            if service == .auction, case .refused(let refusal) = part, !refusal.reason.retryable {
                return .failure(refusal)
            }
            if let order: OrderView = part.decoded() {
                details.order = order
            } else if let page: InvoicePage = part.decoded() {
                details.invoices = page.invoices
            } else if let page: ConversationPage = part.decoded() {
                details.conversation = page.messages
            } else if let page: CasePage = part.decoded() {
                details.cases = page.cases
            } else if !part.isEmpty {
                details.missing.append(service)
            }
        }
        return .success((OrderDetails.code, details.encoded()))
    }
}

/// How all processes are.
enum StatusCall {
    static func requests(_ query: some Query) -> [FanOut.Request] {
        ServiceName.stores.map { .init($0, query) }
    }

    /// One line a service, those that did not answer marked as unreachable; a refusal of one refuses the whole.
    static func services(
        _ parts: [(service: ServiceName, part: FanOut.Part)]
    ) -> Result<[ServiceStatus], Refusal> {
        var services: [ServiceStatus] = []
        for (service, part) in parts {
            if case .refused(let refusal) = part, !refusal.reason.retryable { return .failure(refusal) }
            if let report: StatusReport = part.decoded(), let status = report.services.first {
                services.append(status)
            } else {
                var status = ServiceStatus()
                status.service = service
                status.reachable = false
                services.append(status)
            }
        }
        return .success(services)
    }
}
