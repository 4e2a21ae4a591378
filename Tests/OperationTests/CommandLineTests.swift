import Foundation
import Operation
import Testing

@Suite("What the program says to what it cannot do")
struct CommandLineTests {
    /// Runs the program to its end.
    private func gavel(_ arguments: [String]) throws -> (status: Int32, signal: Bool, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: ChildProcess.gavel)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, process.terminationReason == .uncaughtSignal,
            String(decoding: output, as: UTF8.self)
        )
    }

    @Test(
        "a file that is not there is wrong usage, and the cause is named",
        arguments: [
            ["replay", "/nowhere/bids.csv"], ["load", "bids", "--ramp-file", "/nowhere/bids.csv"],
            ["switch", "/nowhere/bids.csv", "--as", "switch@example.com", "--marketplace", "1"],
        ])
    func missingFile(arguments: [String]) throws {
        let (status, signal, output) = try gavel(arguments)
        #expect(status == 64 && !signal)
        #expect(
            output.contains(
                "expected a file that can be read, found '/nowhere/bids.csv': No such file or directory"))
    }

    @Test(
        "a script of calls that cannot be played is wrong usage, and its line is named",
        arguments: [
            ("call 1 from 2\nanser\n", [], "line 2: expected call, announced"),
            ("call 1 from 2\n", ["--leap", "--at-once", "2"], "--leap moves one clock"),
            ("call 1 from 2\n", ["--repeat", "0"], "--repeat: expected 1 to 1000000, found 0"),
            ("call 1 from 2\n", [], "expected --password"),
        ])
    func unplayable(_ text: String, _ options: [String], _ complaint: String) throws {
        let path = NSTemporaryDirectory() + "gavel-calls-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (status, signal, output) = try gavel(
            ["switch", path, "--as", "switch@example.com", "--marketplace", "1"] + options)
        #expect(status == 64 && !signal)
        #expect(output.contains(complaint))
    }

    @Test("a file that is no text is wrong usage")
    func noText() throws {
        let path = NSTemporaryDirectory() + "gavel-bytes-\(UUID().uuidString)"
        try Data([0xff, 0xfe, 0x80, 0x0a]).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (status, signal, output) = try gavel(["replay", path])
        #expect(status == 64 && !signal)
        #expect(output.contains("expected a text in UTF-8, found other bytes in '\(path)'"))
    }

    @Test("a data folder that nobody can make ends the command with its cause, however the system refuses it")
    func impossibleFolder() throws {
        // Below /proc a folder's parent is there, and it is missing all the same.
        for folder in ["/proc/gavel", "/proc/gavel/data", "/dev/null/data"] {
            let (status, signal, output) = try gavel(["prepare", "--at", folder])
            #expect(status == 1 && !signal)
            #expect(output.contains("Error: /"))
        }
    }

    @Test("to verify what is not there makes nothing")
    func nothingToVerify() throws {
        let folder = NSTemporaryDirectory() + "gavel-absent-\(UUID().uuidString)"
        let (status, signal, output) = try gavel(["verify", "--at", folder])
        #expect(status == 69 && !signal)
        #expect(output.contains("there is no installation in \(folder)"))
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test("another clock or port than at the first start is refused, not overlooked")
    func choicesOfTheFirstStart() throws {
        let folder = NSTemporaryDirectory() + "gavel-choices-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var settings = Settings()
        settings.gatewayPort = 7411
        try RecordFile.write(settings, to: "\(folder)/settings.json")
        for (choice, known) in [
            (["--clock", "2026-03-02T08:00:00Z"], "the clock of the first start (the machine's)"),
            (["--port", "7412"], "the port of the first start (7411)"),
        ] {
            let (status, signal, output) = try gavel(["up", "--at", folder] + choice)
            #expect(status == 64 && !signal)
            #expect(output.contains("expected \(known), found \(choice[0])"))
        }
    }

    /// Plays calls on the line of a story that is told in the house.
    private func playCalls(in folder: String) throws {
        func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
            let (status, signal, output) = try gavel(arguments + ["--at", folder])
            #expect(!signal)
            return (status, output)
        }
        func ask(_ message: String..., as speaker: [String]) throws -> String {
            try run(["call"] + message + ["--as"] + speaker + ["--json"]).output
        }
        #expect(try run(["demo", "prepaid-line"]).output.contains("14 rules proved"))
        let markets = try ask("ListMarketplaces", "limit=100", as: ["operator"])
        let market = try #require(markets.matches(of: /"marketplace":(\d+)/).last).1
        let parties = try ask("ListParties", "marketplace=\(market)", as: ["operator"])
        let provider = try #require(parties.firstMatch(of: /"party":(\d+)/)).1
        let place = ["--marketplace", "\(market)", "--password"]
        let profiles = try ask(
            "ListBillingProfiles",
            as: ["ahrenssolar.m\(market)@example.com"] + place + ["pass of ahrenssolar"])
        let profile = try #require(profiles.firstMatch(of: /"profile":(\d+)/)).1
        let number = "49900\(1_000 * (Int(market) ?? 0))"
        let path = "\(folder)/calls.txt"
        func play(_ text: String, _ options: String...) throws -> (status: Int32, output: String) {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let speaker = ["--as", "switch0.p\(provider)@example.com"] + place + ["pass of switch 0"]
            return try run(["switch", path] + speaker + options)
        }
        let unknown = try play(
            "call 49900{n} from +493012345678 landline\nrefused notFound\n", "--repeat", "3")
        #expect(unknown.status == 0 && unknown.output.contains("3 played, 0 failed: no call"))
        let noMoney = "call \(number) from +493012345678 landline\nexpect verdict noBalance\n"
        let turnedAway = try play(noMoney, "--repeat", "40", "--at-once", "8", "--json")
        #expect(turnedAway.status == 0)
        let endings = #""plays":40,"failed":0,"endings":[{"how":"noBalance","calls":40}]"#
        #expect(turnedAway.output.contains(endings))
        let wrong = try play(noMoney.replacing("noBalance", with: "putThrough"), "--leap")
        #expect(wrong.status == 1)
        #expect(wrong.output.contains("play 0: line 2: verdict: expected putThrough, found noBalance"))
        let credit = ["profile=\(profile)", "number=+49 30 12345678", "amount=20EUR", "method=sandbox"]
        #expect(try run(["call", "TopUpCaller"] + credit).status == 0)
        let threeMinutes = """
            call \(number) from +493012345678 landline
            expect verdict putThrough
            announced
            answered
            talk 3m
            hangup
            expect record.charge.minor 597
            """
        let talked = try play(threeMinutes, "--leap")
        #expect(talked.status == 0)
        #expect(talked.output.contains("1 played, 0 failed: 1 hungUp; charged 5.97 EUR"))
        let standing = try play("call \(number) from +493012345678\ntalk 3s\n")
        #expect(standing.status == 64 && standing.output.contains("expected --leap"))
    }

    @Test("F3 what the stories leave behind is sound, by the commands of an operator")
    func storiesVerify() throws {
        let folder = NSTemporaryDirectory() + "gavel-stories-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func run(_ arguments: String...) throws -> String {
            let (status, signal, output) = try gavel(arguments + ["--at", folder])
            #expect(status == 0 && !signal, "gavel \(arguments.joined(separator: " ")): \(output)")
            return output
        }
        defer { _ = try? gavel(["down", "--at", folder]) }
        _ = try run("up", "--port", "0", "--clock", "2026-03-02T08:00:00Z")
        #expect(try run("demo", "lead-auction").contains("19 rules proved"))
        #expect(try run("demo", "application").contains("7 rules proved"))
        try playCalls(in: folder)
        #expect(try run("down").contains("stopped"))
        let report = try run("verify")
        #expect(report.contains("ok    each e-mail one file"))
        #expect(!report.contains("(0 examined)"))
    }
}
