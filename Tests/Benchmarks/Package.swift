// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "gavel", path: "../..")],
    targets: [
        .executableTarget(
            name: "Measure", dependencies: [.product(name: "GavelHouse", package: "gavel")])
    ]
)
