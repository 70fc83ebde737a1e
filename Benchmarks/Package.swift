// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that neither the library nor its tests ever build the benchmark's dependencies.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "Glassbox", path: ".."),
    .package(url: "https://github.com/google/swift-benchmark", from: "0.1.2"),
  ],
  targets: [
    .systemLibrary(name: "CDNNL"),
    .executableTarget(
      name: "glassbox-bench",
      dependencies: [
        "CDNNL",
        .product(name: "Glassbox", package: "Glassbox"),
        .product(name: "Benchmark", package: "swift-benchmark"),
      ])
  ]
)
