import Testing

/// Imports run downwards only; no service imports another; rules import Kernel and Messages alone.
enum ImportRule {
    /// What each shared module may import of the house. A module that is missing here is reported.
    static let shared: [String: Set<String>] = [
        "Wire": [],
        "Kernel": ["Wire"],
        "Messages": ["Wire", "Kernel"],
        "Crypto": ["COpenSSL"],
        "Storage": ["Wire", "Kernel", "Messages", "Crypto"],
        "Runtime": ["Wire", "Kernel", "Messages", "Crypto", "Storage"],
        "Transport": ["Wire", "CLZ4"],
        "Host": ["Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Transport"],
        "Client": ["Wire", "Kernel", "Messages", "Transport"],
        "Stories": ["Wire", "Kernel", "Messages"],
        "Population": ["Wire", "Kernel", "Messages"],
        // It must not lean on what it judges: neither Runtime nor any service's rules.
        "Auditor": ["Wire", "Kernel", "Messages", "Storage", "Crypto"],
        "Simulator": [
            "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Transport", "Stories",
            "Population", "Auditor",
        ],
        "Operation": [
            "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Transport", "Host", "Client",
            "Stories",
        ],
        "LoadHarness": ["Wire", "Kernel", "Messages", "Client", "Operation", "Stories"],
    ]

    /// What comes from outside the house, and who may use it.
    static let outside: [String: Set<String>] = [
        "GRDB": ["Storage"], "GRDBSQLite": ["Storage"], "CSQLiteSetup": ["Storage"],
        "CFaultDisk": ["Simulator"],
        "NIOCore": ["Transport"], "NIOPosix": ["Transport"], "NIOHTTP1": ["Transport"],
        "NIOTLS": ["Transport"], "NIOSSL": ["Transport"],
        "ArgumentParser": ["Gavel"],
        // Where files are named and written; the deterministic part is kept from it by a ban of its own.
        "Foundation": ["Gavel", "Stories", "Operation", "LoadHarness", "Wallet"],
        "Dispatch": ["Gateway"],
        "Glibc": [
            "Crypto", "Runtime", "Host", "Simulator", "Client", "Stories", "Operation", "LoadHarness",
            "Services",
        ],
        "Synchronization": [
            "Crypto", "Storage", "Transport", "Host", "Simulator", "Client", "Operation", "LoadHarness",
            "Services",
        ],
        "Histogram": ["LoadHarness"],
    ]

    static let services = ["Auction", "Wallet", "ContactVault", "Notifications", "Dispute"]
    private static let underService: Set<String> = [
        "Wire", "Kernel", "Messages", "Storage", "Runtime", "Crypto",
    ]
    private static let underGateway: Set<String> = [
        "Wire", "Kernel", "Messages", "Crypto", "Runtime", "Transport", "Host",
    ]

    /// What a file may import of the house; nothing if it lies in no known module.
    static func allowed(_ path: String) -> Set<String>? {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count > 2 else { return nil }
        if parts[0] == "Shared" { return shared[parts[1]] }
        if parts[1] == "Gateway" { return underGateway }
        if parts[1] == "Gavel" { return Set(shared.keys).union(services).union(["Gateway"]) }
        guard services.contains(parts[1]) else { return nil }
        return parts[2] == "Rules" ? ["Kernel", "Messages"] : underService.union(["\(parts[1])Rules"])
    }

    /// What a file imports against the rule.
    static func reports(_ file: SourceFile) -> [String] {
        guard let allowed = allowed(file.path) else { return [file.report(1, "lies in no known module")] }
        let parts = file.path.split(separator: "/").map(String.init)
        let users: Set<String> = parts[0] == "Services" ? [parts[1], "Services"] : [parts[1]]
        return imports(file).filter { name, _ in
            if allowed.contains(name) { return false }
            guard let mayUse = outside[name] else { return true }
            let isDeterministic = parts[0] == "Services" && ["Rules", "Handlers", "Store"].contains(parts[2])
            return isDeterministic || mayUse.isDisjoint(with: users)
        }.map { file.report($0.line, "imports \($0.name)") }
    }

    private static func imports(_ file: SourceFile) -> [(name: String, line: Int)] {
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let tokens = Tokenizer.tokens(of: file.text)
        return tokens.indices.dropLast().filter { tokens[$0].text == "import" && tokens[$0].kind == .word }
            .map { index in
                let named = kinds.contains(tokens[index + 1].text) ? index + 2 : index + 1
                return (tokens[named].text, tokens[named].line)
            }
    }
}

@Suite struct ImportRuleTests {
    @Test("imports run downwards only") func everyFile() throws {
        let files = try HouseSources.swift(under: ["Shared", "Services"])
        #expect(files.count > 100, "the sources were not found in \(HouseSources.folder)")
        #expect(files.flatMap(ImportRule.reports) == [])
    }

    static let planted: [(path: String, text: String)] = [
        ("Shared/Wire/Reader.swift", "import Kernel"),
        ("Shared/Runtime/Turn.swift", "import Transport"),
        ("Shared/Transport/Link.swift", "import Messages"),
        ("Shared/Simulator/Node.swift", "import Auction"),
        ("Shared/Auditor/Model.swift", "import Runtime"),
        ("Shared/Population/Seller.swift", "import Storage"),
        ("Shared/New/File.swift", "import Wire"),
        ("Services/Wallet/Rules/Split.swift", "import Wire"),
        ("Services/Wallet/Rules/Split.swift", "import Storage"),
        ("Services/Wallet/Rules/Split.swift", "import Foundation"),
        ("Services/Wallet/Rules/Split.swift", "import struct Synchronization.Mutex"),
        ("Services/Wallet/Handlers/PlaceHold.swift", "import AuctionRules"),
        ("Services/Wallet/Handlers/PlaceHold.swift", "import GRDB"),
        ("Services/Wallet/Handlers/PlaceHold.swift", "import Foundation"),
        ("Services/Dispute/Handlers/Decide.swift", "@testable import Auction"),
        ("Services/Gateway/Router.swift", "import Storage"),
        ("Services/Gavel/Up.swift", "import NIOCore"),
    ]

    @Test("an import against the rule is reported", arguments: planted)
    func selfTest(_ file: (path: String, text: String)) {
        #expect(ImportRule.reports(SourceFile(path: file.path, text: file.text)).count == 1)
    }

    @Test("what the rule allows is not reported") func allowed() {
        let text = "import Kernel\nimport Messages\n// import Storage\nlet text = \"import Storage\""
        #expect(ImportRule.reports(SourceFile(path: "Services/Wallet/Rules/Split.swift", text: text)) == [])
    }
}
