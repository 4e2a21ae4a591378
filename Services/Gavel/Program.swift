import ArgumentParser
import Client
import Glibc
import Messages
import Operation

/// The one program of the house: it serves, and it is what an operator and a developer work with.
@main struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gavel",
        abstract: "A marketplace for leads: services, gateway, and the tools around them.",
        discussion: """
            Exit codes: 0 done; 1 refused, or a check failed; 64 wrong usage; 69 the installation cannot be \
            reached; 70 a fault of the program; 130 interrupted.
            """,
        subcommands: [
            Up.self, Down.self, Status.self, Call.self, Watch.self, Clock.self, Parked.self, Serve.self,
            Prepare.self,
            ProtocolCommand.self, Demo.self, ReplayCommand.self, Verify.self, CrashTestCommand.self,
            MarkerTestCommand.self, CrashSweepCommand.self, Simulate.self, LoadCommand.self,
            SwitchCommand.self,
        ])

    static func main() async {
        Interrupts.block()
        OpenFiles.allowAll()
        do {
            var command = try parseAsRoot()
            // A service stops in order; every other command just ends, after its cleanups.
            if !(command is Serve) { Interrupts.watch() }
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let refusal as Refusal {
            Terminal.note("refused: \(Terminal.words(refusal))")
            Glibc.exit(ExitCodes.refused)
        } catch let fault as ClientFault {
            Terminal.note("\(fault)")
            Glibc.exit(ExitCodes.unreachable)
        } catch let fault as OperationFault {
            Terminal.note("\(fault)")
            Glibc.exit(ExitCodes.unreachable)
        } catch let failure as CheckFailed {
            if !failure.text.isEmpty { Terminal.note(failure.text) }
            Glibc.exit(ExitCodes.refused)
        } catch {
            exit(withError: error)
        }
    }
}

/// What the program's exit says.
enum ExitCodes {
    static let refused: Int32 = 1
    static let unreachable: Int32 = 69
    static let fault: Int32 = 70
    static let interrupted: Int32 = 130
}

/// A check found something wrong; what it found has been reported.
struct CheckFailed: Error {
    var text = ""
}

/// Where the installation lives.
struct Place: ParsableArguments {
    @Option(name: .customLong("at"), help: "The data folder.") var folder = "./data"
}

/// How many files and connections the process may have open.
enum OpenFiles {
    /// Takes what the system lets it have: the usual first limit of 1,024 is less than a gateway's clients.
    static func allowAll() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            limit.rlim_cur < limit.rlim_max
        else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
