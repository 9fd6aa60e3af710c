// swift-tools-version: 6.2
import PackageDescription

// The list of targets is the dependency diagram: a module sees only what its line names.
// Sources/README.md draws it; Tests/HouseTests holds the two together.

let package = Package(
  name: "apus",
  products: [
    .library(name: "Apus", targets: ["Apus"]),
    .executable(name: "apus", targets: ["apus-cli"]),
  ],
  // Which library edits lines at the prompt of the program; the library product needs neither.
  traits: [
    .trait(name: "Readline", description: "GNU readline (GPL), the default"),
    .trait(name: "Libedit", description: "libedit (BSD): swift build --traits Libedit"),
    .default(enabledTraits: ["Readline"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Words and meaning, values in memory, bytes.
    .target(name: "ApusValues"),
    .target(name: "ApusSyntax", dependencies: ["ApusValues"]),
    .target(name: "CApusKernels"),
    .target(name: "ApusVectors", dependencies: ["ApusValues", "CApusKernels"]),
    .target(
      name: "ApusCompression",
      dependencies: ["CZstandard", "CSnappy", "CZlib", "CLZ4", "CBrotli"]
    ),
    .target(name: "ApusStorage", dependencies: ["ApusValues", "CCurl"]),
    .target(
      name: "ApusFormats",
      dependencies: ["ApusValues", "ApusVectors", "ApusCompression", "CApusKernels"]
    ),
    .target(name: "ApusPlanner", dependencies: ["ApusValues", "ApusSyntax", "ApusVectors"]),
    .target(
      name: "ApusEngine",
      dependencies: [
        "ApusValues", "ApusVectors", "ApusPlanner", "ApusCompression", "CApusKernels", "CPCRE2",
        "CLibcrypto", "CUTF8Proc", "CStemmer", "CGEOS",
      ]
    ),

    // What a warehouse knows beside its files.
    .target(
      name: "ApusCatalog",
      dependencies: ["ApusValues", "ApusStorage", .product(name: "GRDB", package: "GRDB.swift")]
    ),

    // Where the columns meet.
    .target(
      name: "ApusConnectors",
      dependencies: [
        "ApusValues", "ApusVectors", "ApusStorage", "ApusFormats", "ApusPlanner", "ApusEngine",
        "ApusCatalog",
      ]
    ),
    .target(
      name: "Apus",
      dependencies: [
        "ApusValues", "ApusSyntax", "ApusVectors", "ApusStorage", "ApusPlanner", "ApusEngine",
        "ApusConnectors", "ApusCatalog",
      ]
    ),

    // Presentation.
    .target(
      name: "ApusShell",
      dependencies: ["Apus", "ApusValues", "ApusSyntax", "ApusVectors", "ApusPlanner"]
    ),
    .target(
      name: "CLineEditing",
      cSettings: [.define("APUS_LIBEDIT", .when(traits: ["Libedit"]))],
      linkerSettings: [
        .linkedLibrary("readline", .when(traits: ["Readline"])),
        .linkedLibrary("edit", .when(traits: ["Libedit"])),
      ]
    ),
    .target(
      name: "ApusREPL",
      dependencies: [
        "ApusShell", "Apus", "ApusValues", "ApusSyntax", "ApusVectors", "CLineEditing",
      ]
    ),
    .executableTarget(
      name: "apus-cli",
      dependencies: [
        "Apus", "ApusShell", "ApusREPL", "ApusValues",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]
    ),

    // The language as text: checked, tried out, and turned into tables.
    .target(name: "ApusGrammar"),
    .executableTarget(name: "apus-grammar", dependencies: ["ApusGrammar"]),

    // Tests, one target a module; then the SQL corpus, the documentation and the house rules.
    .testTarget(name: "ApusValuesTests", dependencies: ["ApusValues"]),
    .testTarget(name: "ApusSyntaxTests", dependencies: ["ApusSyntax", "ApusValues"]),
    .testTarget(name: "GrammarTests", dependencies: ["ApusGrammar", "ApusSyntax", "ApusValues"]),
    .testTarget(name: "CApusKernelsTests", dependencies: ["CApusKernels"]),
    .testTarget(name: "ApusVectorsTests", dependencies: ["ApusVectors"]),
    .testTarget(name: "ApusCompressionTests", dependencies: ["ApusCompression"]),
    .testTarget(name: "ApusStorageTests", dependencies: ["ApusStorage", "ApusTestSupport"]),
    .testTarget(
      name: "ApusFormatsTests",
      dependencies: [
        "ApusFormats", "ApusValues", "ApusVectors", "ApusStorage", "ApusCompression",
      ]
    ),
    .testTarget(
      name: "ApusCatalogTests",
      dependencies: [
        "ApusCatalog", "ApusStorage", "ApusValues", "ApusTestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]
    ),
    .testTarget(
      name: "ApusConnectorsTests",
      dependencies: [
        "ApusConnectors", "ApusCatalog", "ApusFormats", "ApusPlanner", "ApusValues", "ApusVectors",
        "ApusStorage",
      ]
    ),
    .testTarget(
      name: "ApusPlannerTests",
      dependencies: ["ApusPlanner", "ApusSyntax", "ApusValues", "ApusVectors"]
    ),
    .testTarget(
      name: "ApusEngineTests",
      dependencies: ["ApusEngine", "ApusPlanner", "ApusVectors", "ApusValues"]
    ),
    .target(
      name: "ApusTestSupport",
      dependencies: ["Apus", "ApusValues", "ApusVectors", "ApusStorage"],
      path: "Tests/ApusTestSupport"
    ),
    .testTarget(
      name: "ApusTests",
      dependencies: ["Apus", "ApusValues", "ApusVectors", "ApusTestSupport"]
    ),
    .testTarget(
      name: "ApusShellTests",
      dependencies: [
        "ApusShell", "Apus", "ApusSyntax", "ApusValues", "ApusVectors", "ApusTestSupport",
      ]
    ),
    .testTarget(
      name: "ApusREPLTests",
      dependencies: ["ApusREPL", "ApusShell", "Apus", "ApusSyntax"]
    ),
    .testTarget(
      name: "SQLTests",
      dependencies: [
        "ApusTestSupport", "Apus", "ApusEngine", "ApusPlanner", "ApusValues", "ApusVectors",
        "ApusStorage",
      ]
    ),
    .testTarget(
      name: "DocumentationTests",
      dependencies: ["Apus", "ApusPlanner", "ApusSyntax", "ApusValues", "ApusVectors"]
    ),
    .testTarget(name: "HouseTests"),

    // System libraries.
    .systemLibrary(name: "CZstandard", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CSnappy", providers: [.apt(["libsnappy-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLZ4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(name: "CBrotli", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CLibcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
    .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),
    .systemLibrary(name: "CGEOS", providers: [.apt(["libgeos-dev"])]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
