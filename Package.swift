// swift-tools-version: 6.2
import PackageDescription

/// With GAVEL_PLANTED=1 at the build, and only then, faults can be switched on that the simulator must catch.
let planted: [SwiftSetting] =
    Context.environment["GAVEL_PLANTED"] == "1" ? [.define("GAVEL_PLANTED")] : []

let strict: [SwiftSetting] =
    [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)] + planted

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// A service is two modules: its rules, which see Kernel and Messages alone, and the rest.
func service(_ name: String) -> [Target] {
    [
        .target(
            name: "\(name)Rules", dependencies: ["Kernel", "Messages"], path: "Services/\(name)/Rules",
            swiftSettings: strict),
        .target(
            name: name,
            dependencies: [
                "Wire", "Kernel", "Messages", "Storage", "Runtime", "Crypto", .byName(name: "\(name)Rules"),
            ],
            path: "Services/\(name)", exclude: ["Rules", "README.md"], swiftSettings: strict),
    ]
}

/// A folder of tests under Tests/, named after what it tests.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", swiftSettings: strict)
}

let package = Package(
    name: "gavel",
    products: [
        .executable(name: "gavel", targets: ["Gavel"]),
        .library(name: "GavelClient", targets: ["Client"]),
        .library(
            name: "GavelHouse",
            targets: [
                "Auction", "Wallet", "ContactVault", "Notifications", "Dispute", "Gateway", "Simulator",
                "Stories",
                "Operation", "Client", "Messages", "Kernel", "Wire", "Crypto",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenSSL", path: "Shared/COpenSSL", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CLZ4", path: "Shared/CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .target(
            name: "CSQLiteSetup", path: "Shared/CSQLiteSetup", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(
            name: "CFaultDisk", path: "Shared/CFaultDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "Wire", path: "Shared/Wire", swiftSettings: strict),
        .target(name: "Kernel", dependencies: ["Wire"], path: "Shared/Kernel", swiftSettings: strict),
        .target(
            name: "Messages", dependencies: ["Wire", "Kernel"], path: "Shared/Messages", swiftSettings: strict
        ),
        .target(name: "Crypto", dependencies: ["COpenSSL"], path: "Shared/Crypto", swiftSettings: strict),
        .target(
            name: "Storage",
            dependencies: [
                "Wire", "Kernel", "Messages", "Crypto", "CSQLiteSetup", grdb,
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], path: "Shared/Storage",
            swiftSettings: strict),
        .target(
            name: "Runtime", dependencies: ["Wire", "Kernel", "Messages", "Crypto", "Storage"],
            path: "Shared/Runtime", swiftSettings: strict),
        .target(
            name: "Transport",
            dependencies: ["Wire", "CLZ4", nio, nioPosix, nioHTTP, nioTLS, nioSSL], path: "Shared/Transport",
            swiftSettings: strict),
        .target(
            name: "Host",
            dependencies: ["Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Transport"],
            path: "Shared/Host", swiftSettings: strict),
        .target(
            name: "Stories", dependencies: ["Wire", "Kernel", "Messages"], path: "Shared/Stories",
            swiftSettings: strict),
        .target(
            name: "Population", dependencies: ["Wire", "Kernel", "Messages"], path: "Shared/Population",
            swiftSettings: strict),
        .target(
            name: "Auditor", dependencies: ["Wire", "Kernel", "Messages", "Storage", "Crypto"],
            path: "Shared/Auditor", swiftSettings: strict),
        .target(
            name: "Simulator",
            dependencies: [
                "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Transport", "Stories",
                "Population", "Auditor", "CFaultDisk",
            ],
            path: "Shared/Simulator", swiftSettings: strict),
        .target(
            name: "Client", dependencies: ["Wire", "Kernel", "Messages", "Transport"], path: "Shared/Client",
            swiftSettings: strict),
        .target(
            name: "Operation",
            dependencies: ["Wire", "Kernel", "Messages", "Crypto", "Host", "Client", "Stories"],
            path: "Shared/Operation", swiftSettings: strict),
        .target(
            name: "LoadHarness",
            dependencies: [
                "Wire", "Kernel", "Messages", "Client", "Operation", "Stories",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "Shared/LoadHarness", swiftSettings: strict),
    ] + service("Auction") + service("Wallet") + service("ContactVault") + service("Notifications")
        + service("Dispute") + [
            .target(
                name: "Gateway",
                dependencies: ["Wire", "Kernel", "Messages", "Crypto", "Runtime", "Transport", "Host"],
                path: "Services/Gateway", exclude: ["README.md"], swiftSettings: strict),
            .executableTarget(
                name: "Gavel",
                dependencies: [
                    "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Transport", "Host",
                    "Client", "Operation", "Stories", "Simulator", "Auditor", "LoadHarness", "Gateway",
                    "Auction", "Wallet", "ContactVault", "Notifications", "Dispute", arguments,
                ],
                path: "Services/Gavel", exclude: ["README.md"], swiftSettings: strict),
            tests("House", []),
            tests(
                "Disk",
                [
                    "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Host", "Simulator",
                    "Gavel",
                ]),
            tests("Wire", ["Wire"]),
            tests("Kernel", ["Wire", "Kernel", "Messages"]),
            tests("Messages", ["Wire", "Kernel", "Messages"]),
            tests("Crypto", ["Crypto"]),
            tests(
                "Operation",
                ["Wire", "Kernel", "Messages", "Client", "Gateway", "Operation", "Stories", "Gavel"]),
            tests(
                "LoadHarness",
                [
                    "Wire", "Kernel", "Messages", "Client", "Gateway", "Operation", "Stories", "LoadHarness",
                    "Gavel",
                ]),
            tests("Gateway", ["Wire", "Kernel", "Messages", "Crypto", "Runtime", "Gateway"]),
            tests("Runtime", ["Wire", "Kernel", "Messages", "Storage", "Runtime"]),
            tests("Transport", ["Wire", "Crypto", "Transport", nio]),
            tests(
                "Auction",
                ["Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "AuctionRules", "Auction"]),
            tests("Wallet", ["Wire", "Kernel", "Messages", "Storage", "Runtime", "WalletRules", "Wallet"]),
            tests(
                "ContactVault",
                [
                    "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Stories", "Simulator",
                    "ContactVaultRules", "ContactVault", "TestBench",
                ]),
            .target(
                name: "TestBench",
                dependencies: ["Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime"],
                path: "Tests/TestBench", swiftSettings: strict),
            tests(
                "Notifications",
                ["Wire", "Kernel", "Messages", "Runtime", "NotificationsRules", "Notifications", "TestBench"]),
            tests(
                "Dispute", ["Wire", "Kernel", "Messages", "Runtime", "DisputeRules", "Dispute", "TestBench"]),
            tests(
                "Scenario",
                [
                    "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Stories", "Simulator",
                    "Auction", "Wallet", "ContactVault", "Notifications", "Dispute",
                ]),
            tests(
                "Auditor",
                [
                    "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Stories", "Simulator",
                    "Auditor", "Auction", "Wallet", "ContactVault", "Notifications", "Dispute",
                ]),
            tests(
                "Population",
                [
                    "Wire", "Kernel", "Messages", "Crypto", "Storage", "Runtime", "Stories", "Simulator",
                    "Population", "Auction", "Wallet", "ContactVault", "Notifications", "Dispute",
                ]),
            tests(
                "Simulation",
                [
                    "Wire", "Kernel", "Messages", "Crypto", "Runtime", "Transport", "Simulator", "Auditor",
                    "Operation", "Gavel",
                ]),
            tests(
                "EndToEnd", ["Wire", "Kernel", "Messages", "Operation", "Stories", "Gateway", "Gavel"]),
        ]
)
