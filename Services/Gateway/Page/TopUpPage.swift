import Kernel
import Messages
import Transport
import Wire

/// The house, as pages ask it.
protocol PageHouse: Sendable {
    /// In the name of whoever is at `address`; `then` is called once, from any thread.
    func ask(
        code: UInt16, body: [UInt8], key: IdempotencyKey?, from address: String,
        then: @escaping @Sendable (InnerAnswer) -> Void)
}

/// The page on which callers pay in, made to be shown within other sites (E14).
///
/// `GET /top-up/PROFILE` shows the form, `POST` there begins a top-up and leads to `GET /top-up/PROFILE/RECEIPT`, which
/// tells how far it is. `GET /top-up/PROFILE/snippet` hands out the HTML for the provider's site. A form sent twice pays
/// once: it holds its idempotency key. The number is in a request's body alone, and nothing here is written down.
struct TopUpPage: Sendable {
    /// Where browsers reach it, `https://` and on, without a slash at the end.
    let address: String
    let house: any PageHouse
    /// Bytes that nobody can foresee.
    let random: @Sendable () -> UInt64

    private typealias Respond = @Sendable (WebResponse) -> Void

    func answer(_ request: WebRequest, then: @escaping @Sendable (WebResponse) -> Void) {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts[0].isEmpty, parts[1] == "top-up" else { return then(Self.unknown) }
        if parts.count == 3, parts[2] == "style.css" {
            guard Self.reads(request) else { return then(Self.notAllowed("GET, HEAD")) }
            return then(Self.response(200, PageMarkup.style, type: "text/css; charset=utf-8", keeps: true))
        }
        guard let profile = UInt64(parts[2]).map({ BillingProfileID($0) }) else { return then(Self.unknown) }
        switch parts.count {
        case 3 where Self.reads(request): form(profile, request, then)
        case 3 where request.method == "POST": begin(profile, request, then)
        case 3: then(Self.notAllowed("GET, HEAD, POST"))
        case 4 where !Self.reads(request): then(Self.notAllowed("GET, HEAD"))
        case 4 where parts[3] == "snippet": snippet(profile, request, then)
        case 4: standing(profile, receipt: parts[3], request, then)
        default: then(Self.unknown)
        }
    }

    private static func reads(_ request: WebRequest) -> Bool {
        request.method == "GET" || request.method == "HEAD"
    }

    // MARK: What is asked

    private func ask<Q: Query>(
        _ query: Q, _ request: WebRequest,
        then: @escaping @Sendable (Result<Q.Answer, Refusal>, Instant) -> Void
    ) {
        house.ask(code: Q.code, body: query.encoded(), key: nil, from: request.address) {
            then($0.decoded(Q.Answer.self), $0.now)
        }
    }

    private func offer(
        _ profile: BillingProfileID, _ request: WebRequest, _ then: @escaping Respond,
        _ body: @escaping @Sendable (CallerTopUpOffer, Instant) -> Void
    ) {
        var query = GetTopUpOffer()
        query.profile = profile
        ask(query, request) { result, now in
            switch result {
            case .success(let offer): body(offer, now)
            case .failure(let refusal): then(Self.refused(refusal, PageWords.of(.english)))
            }
        }
    }

    private func form(_ profile: BillingProfileID, _ request: WebRequest, _ then: @escaping Respond) {
        offer(profile, request, then) { [self] offer, now in
            then(Self.response(200, PageMarkup.form(offer, key: newKey(now))))
        }
    }

    private func newKey(_ now: Instant) -> String {
        var bytes: [UInt8] = []
        for word in [UInt64(now.microseconds), random()] {
            withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
        }
        return Hex.encode(bytes)
    }

    private static func key(_ text: String?) -> IdempotencyKey? {
        guard let bytes = text.flatMap(Hex.decode), bytes.count == 16 else { return nil }
        func word(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return IdempotencyKey(high: word(bytes[..<8]), low: word(bytes[8...]))
    }

    private func begin(_ profile: BillingProfileID, _ request: WebRequest, _ then: @escaping Respond) {
        let isForm = request.contentType.prefix { $0 != ";" } == "application/x-www-form-urlencoded"
        guard isForm, let form = PageForm(request.body), let key = Self.key(form["key"]) else {
            return then(Self.response(400, PageMarkup.message("Expected this page's form.", .of(.english))))
        }
        let typed = PageMarkup.Typed(
            number: String((form["number"] ?? "").prefix(40)), amount: form["amount"].flatMap { Int64($0) },
            method: form["method"])
        offer(profile, request, then) { [self] offer, now in
            var topUp = TopUpCaller()
            topUp.profile = profile
            topUp.number = PersonalText(typed.number)
            topUp.amount = Money(typed.amount ?? 0, offer.currency)
            topUp.method = typed.method ?? ""
            house.ask(code: TopUpCaller.code, body: topUp.encoded(), key: key, from: request.address) {
                switch $0.decoded(CallerTopUpStarted.self) {
                case .success(let started):
                    var response = Self.response(303, "")
                    response.headers.append(("location", "/top-up/\(profile.raw)/\(started.receipt)"))
                    then(response)
                case .failure(let refusal):
                    let words = PageWords.of(offer.language)
                    let (status, text) = Self.words(for: refusal, words)
                    let page = PageMarkup.form(offer, key: newKey(now), typed: typed, wrong: text)
                    then(Self.response(status, page))
                }
            }
        }
    }

    private func standing(
        _ profile: BillingProfileID, receipt: String, _ request: WebRequest, _ then: @escaping Respond
    ) {
        offer(profile, request, then) { [self] offer, _ in
            var query = GetCallerTopUp()
            query.receipt = receipt
            ask(query, request) { result, _ in
                switch result {
                case .success(let topUp) where topUp.profile == profile:
                    then(Self.response(200, PageMarkup.standing(topUp, offer)))
                case .success: then(Self.unknown)
                case .failure(let refusal): then(Self.refused(refusal, .of(offer.language)))
                }
            }
        }
    }

    private func snippet(_ profile: BillingProfileID, _ request: WebRequest, _ then: @escaping Respond) {
        offer(profile, request, then) { [address] offer, _ in
            let title = "\(offer.name): \(PageWords.of(offer.language).title)"
            let lines = PageMarkup.snippet(profile, address: address, title: title)
            then(Self.response(200, lines, type: "text/plain; charset=utf-8"))
        }
    }

    // MARK: What is answered

    private static func words(for refusal: Refusal, _ words: PageWords) -> (status: Int, text: String) {
        switch refusal.reason {
        case .invalidText, .malformed: (422, words.badNumber)
        case .amountOutOfRange, .wrongCurrency, .invalidValue: (422, words.badAmount)
        case .keyExpired, .keyReused: (409, words.tooOld)
        case .rateLimited: (429, words.tooMany)
        default: (503, words.unavailable)
        }
    }

    private static func refused(_ refusal: Refusal, _ words: PageWords) -> WebResponse {
        switch refusal.reason {
        case .notFound, .malformed, .invalidText: response(404, PageMarkup.message(words.unknown, words))
        case .rateLimited: response(429, PageMarkup.message(words.tooMany, words))
        default: response(503, PageMarkup.message(words.unavailable, words))
        }
    }

    private static var unknown: WebResponse {
        let words = PageWords.of(.english)
        return response(404, PageMarkup.message(words.unknown, words))
    }

    private static func notAllowed(_ methods: String) -> WebResponse {
        var response = response(405, "")
        response.headers.append(("allow", methods))
        return response
    }

    private static func response(
        _ status: Int, _ text: String, type: String = "text/html; charset=utf-8", keeps: Bool = false
    ) -> WebResponse {
        var response = WebResponse(status)
        response.body = Array(text.utf8)
        response.headers = [
            ("content-type", type), ("cache-control", keeps ? "max-age=3600" : "no-store"),
            (
                "content-security-policy",
                "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'"
            ),
            ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff"),
            ("strict-transport-security", "max-age=31536000"),
        ]
        return response
    }
}
