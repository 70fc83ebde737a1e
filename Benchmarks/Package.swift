// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building the library never builds the benchmarks.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Glassbox", path: "..")],
  targets: [
    .systemLibrary(name: "CDNNL"),
    .target(name: "CLimits"),
    .executableTarget(
      name: "glassbox-bench", dependencies: ["CDNNL", "CLimits", .product(name: "Glassbox", package: "Glassbox")]),
    .executableTarget(name: "glassbox-bench-classic", dependencies: [.product(name: "Glassbox", package: "Glassbox")]),
  ]
)
