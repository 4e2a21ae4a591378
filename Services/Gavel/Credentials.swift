import Client
import Crypto
import Host
import Kernel
import Messages
import Operation
import Stories
import Wire

/// Who signed in from this machine: `credentials.json` in the data folder, for its owner's eyes only.
struct Credentials: Record {
    struct Account: Record {
        var email = ""
        var marketplace = MarketplaceID.none
        /// Kept for the operator that the first start makes; empty for all others.
        var password = ""
        var accessToken = ""
        var accessExpires = Instant.none
        var refreshToken = ""
        init() {}
        mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
            try visit.field("email", &email, .limit(254))
            try visit.field("marketplace", &marketplace)
            try visit.field("password", &password, .secret(200))
            try visit.field("accessToken", &accessToken, .secret(400))
            try visit.field("accessExpires", &accessExpires)
            try visit.field("refreshToken", &refreshToken, .secret(200))
        }
    }

    var accounts: [Account] = []
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("accounts", &accounts)
    }

    static func file(_ data: DataFolder) -> String { "\(data.path)/credentials.json" }

    static func read(_ data: DataFolder) throws -> Credentials {
        try RecordFile.read(file(data)) ?? Credentials()
    }

    func write(_ data: DataFolder) throws { try RecordFile.write(self, to: Self.file(data)) }

    subscript(_ email: String) -> Account? {
        get { accounts.first { $0.email == email } }
        set {
            accounts.removeAll { $0.email == email }
            if let newValue { accounts.append(newValue) }
        }
    }
}

/// How a command signs in.
struct SignInWish {
    var email: String
    /// Where none is remembered.
    var password: String?
    var marketplace: MarketplaceID?

    /// Binds a connection: by a token that holds, else by renewing it, else by the password.
    func signIn(_ client: GavelClient, _ data: DataFolder) async throws {
        var credentials = try Credentials.read(data)
        var account = credentials[email] ?? Credentials.Account()
        account.email = email
        if let marketplace { account.marketplace = marketplace }
        if password == nil {
            if !account.accessToken.isEmpty, HouseClock.machineNow + .seconds(5) < account.accessExpires,
                (try? await client.authenticate(account.accessToken)) != nil
            {
                return
            }
            if !account.refreshToken.isEmpty, let renewed = try? await client.refresh(account.refreshToken) {
                try remember(renewed, account, &credentials, data)
                return
            }
        }
        let known = password ?? account.password
        guard !known.isEmpty else {
            throw OperationFault.unreadable(
                Credentials.file(data), "no sign-in of \(email) holds; give --password, or GAVEL_PASSWORD")
        }
        let signedIn = try await client.signIn(email, known, marketplace: account.marketplace)
        try remember(signedIn, account, &credentials, data)
    }

    private func remember(
        _ signedIn: SignedIn, _ account: Credentials.Account, _ credentials: inout Credentials,
        _ data: DataFolder
    ) throws {
        var account = account
        account.accessToken = signedIn.accessToken
        account.accessExpires = signedIn.accessExpires
        account.refreshToken = signedIn.refreshToken
        credentials[email] = account
        try credentials.write(data)
    }
}

/// The operator that the first start of an installation makes.
enum FirstOperator {
    static let email = "operator@gavel.example"

    /// Makes one, with a password that nobody knows but the credentials file, unless there is one.
    static func ensure(_ installation: Installation) async throws {
        var credentials = try Credentials.read(installation.data)
        guard credentials[email] == nil else { return }
        var account = Credentials.Account()
        account.email = email
        account.password = Hex.encode(SecureRandom.bytes(16))
        var command = BootstrapOperator()
        command.email = PersonalText(email)
        command.password = account.password
        let vault = try await installation.connect(to: .contactVault)
        do {
            _ = try await vault.call(command)
            credentials[email] = account
            try credentials.write(installation.data)
        } catch let refusal as Refusal where refusal.reason == .wrongState {
            // Somebody made one by other means; that one's credentials are theirs.
        }
        await vault.close()
    }

    /// Whom stories and load tests act as: made where there is none.
    static func guest(of installation: Installation) async throws -> Guest {
        try await ensure(installation)
        guard let account = try Credentials.read(installation.data)[email] else {
            throw CheckFailed(
                text: "this needs the operator that the first start makes, and it was made by other means")
        }
        return Guest(marketplace: .none, email: account.email, password: account.password)
    }
}
