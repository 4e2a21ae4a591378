import Foundation
import Messages
import Simulator
import Stories
import Testing

@testable import Gavel

/// A sample of what `gavel crash-sweep` does at every operation.
@Suite("The money's story on disks that fail", .serialized)
struct CrashSweepTests {
    @Test("F3 the story comes to its end, and what was acknowledged is there, wherever a disk fails")
    func sample() async throws {
        var sweep = CrashSweep { _ in }
        sweep.every = 430
        sweep.jobs = 2
        let outcome = try await sweep.run()
        #expect(outcome.violations == [])
        #expect(outcome.runs >= 20)
        #expect(outcome.missed <= outcome.runs / 4)
        #expect(outcome.acknowledged > outcome.runs * 20)
        for fault in [SimulatedDisk.Fault.power, .error, .full] {
            #expect(outcome.met[fault, default: 0] > 0, "\(fault)")
        }
    }
    /// The check of an account reads its name with a key from the disk; what fails there must not lose the account.
    @Test("A3 a payout account whose check a disk keeps back is checked again, wherever the disk fails")
    func payoutAccountIsCheckedAgain() async throws {
        try SimulatedDisk.install()
        var waited = 0
        for fault in [SimulatedDisk.Fault.error, .shortRead] {
            var operation = 0
            var isMet = true
            while isMet {
                operation += 1
                let told = try await link(fault, at: operation)
                #expect(told.state == .verified, "\(fault) at operation \(operation)")
                isMet = told.isMet
                waited += told.hadToWait ? 1 : 0
            }
            #expect(operation > 1, "\(fault)")
        }
        #expect(waited > 0, "no fault kept the check back")
    }

    private func link(
        _ fault: SimulatedDisk.Fault, at operation: Int
    ) async throws -> (state: PayoutAccountState, isMet: Bool, hadToWait: Bool) {
        let name = "gavel-link-\(UInt64.random(in: 0 ... .max))"
        let folder = NSTemporaryDirectory() + name
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let disk = try SimulatedDisk(folder: "/disk-\(name)", seed: 1)
        let house = try InProcessHouse(
            CrashSweep.definitions(), folder: folder, start: Proof.firstMorning,
            disks: [.wallet: disk])
        let cast = try await Cast.openMarketplace(house, buyers: 0)
        let seller = try await cast.join("Albers", .seller)
        disk.plan(fault, at: operation)
        try await cast.linkPayoutAccount(seller)
        let isMet = disk.met(fault) > 0
        disk.heal()
        let start = house.now()
        try await cast.awaitPayoutAccount(seller)
        let state = try await house.ask(GetPayoutAccount(), as: seller.guest).state
        return (state, isMet, house.now() > start)
    }
}
