import Gateway
import Kernel
import Messages
import Operation
import Wire

/// Runs `body` on the installation that runs in `folder`, or without one on a throwaway installation, which is gone
/// afterwards, also after an interrupt.
///
/// - Parameter clock: where the throwaway installation's settable clock begins; nothing: the machine's clock.
func withInstallation<R>(
    at folder: String?, clock: Instant?, _ body: (Installation) async throws -> R
) async throws -> R {
    if let folder { return try await body(try Installation.attach(folder)) }
    var options = Installation.Options()
    options.settings.clock = clock
    options.gatewayLimits = GatewayLimits.raised.json(.plain)
    let installation = try await Installation.start(options)
    Interrupts.before { await installation.stop() }
    do {
        let result = try await body(installation)
        await installation.stop()
        return result
    } catch {
        await installation.stop()
        throw error
    }
}
