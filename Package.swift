// swift-tools-version: 6.2
import PackageDescription

// MARK: - Settings

/// Set by Scripts/fuzz: the readers' rooms are then built with libFuzzer's coverage, and programs that fuzz them are
/// there. The kernels, which no reader needs, are not optimised, so that the build takes a minute.
let isFuzzed = Context.environment["DSTUNE_FUZZ"] != nil

/// The fast kernels are optimised in debug builds too: unoptimised SIMD generics are about 200 times
/// slower. The unroll threshold keeps register tiles of up to 28 accumulators in registers.
func kernelSettings(_ targetFlags: [String]) -> [SwiftSetting] {
  if isFuzzed { return [.unsafeFlags(["-Onone"] + targetFlags)] }
  return [
    .unsafeFlags(
      ["-Ounchecked", "-wmo", "-num-threads", "2", "-Xllvm", "-unroll-threshold=1500"] + targetFlags
    )
  ]
}

let warningsAsErrors: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// For the rooms that read what comes from outside.
func coverage(of room: String) -> [SwiftSetting] {
  let readers: Set = [
    "DSCommandLine", "DSCore", "DSImages", "DSMachine", "DSNetworks", "DSRuntime", "DSSchedule",
    "DSTuning",
  ]
  return isFuzzed && readers.contains(room) ? [.unsafeFlags(["-sanitize=fuzzer"])] : []
}

// MARK: - Instruction sets

struct KernelTarget {
  var name: String
  var flags: [String]
}

#if arch(x86_64)
  let kernelTargets = [
    KernelTarget(name: "DSKernelsBaseline", flags: []),
    KernelTarget(name: "DSKernelsAVX2", flags: ["-target-cpu", "haswell"]),
    KernelTarget(
      name: "DSKernelsAVX512",
      flags: ["-target-cpu", "skylake-avx512", "-Xcc", "-mprefer-vector-width=512"]),
  ]
#else
  let kernelTargets = [KernelTarget(name: "DSKernelsBaseline", flags: [])]
#endif
let kernelTargetNames = kernelTargets.map { Target.Dependency(stringLiteral: $0.name) }

// MARK: - Target constructors

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: warningsAsErrors + coverage(of: name))
}

func command(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: warningsAsErrors)
}

/// `fixtures` are read where they lie, by path, and not copied into a bundle.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], fixtures: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: fixtures, swiftSettings: warningsAsErrors)
}

func debianLibrary(_ name: String, pkgConfig: String, package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

// MARK: - Package

let package = Package(
  name: "dstune",
  products: [
    .library(name: "DSRuntime", targets: ["DSRuntime"]),
    .library(name: "DSTuning", targets: ["DSTuning"]),
    .executable(name: "dstune", targets: ["dstune"]),
    .executable(name: "dsbench", targets: ["dsbench"]),
    .executable(name: "dsclassify", targets: ["dsclassify"]),
  ],
  targets: [
    // System libraries and C shims
    debianLibrary("CHwloc", pkgConfig: "hwloc", package: "libhwloc-dev"),
    debianLibrary("CTurboJPEG", pkgConfig: "libturbojpeg", package: "libturbojpeg0-dev"),
    debianLibrary("CSpng", pkgConfig: "spng", package: "libspng-dev"),
    .target(name: "CSystem"),

    // What an app needs
    room("DSCore", []),
    room("DSKernels", ["DSCore", "CSystem"] + kernelTargetNames),
    room("DSNetworks", ["DSCore"]),
    room("DSSchedule", ["DSCore"]),
    room("DSRuntime", ["DSCore", "CSystem", "DSKernels", "DSNetworks", "DSSchedule"]),

    // What tuning and measuring need on top
    room("DSMachine", ["DSCore", "CHwloc", "CSystem"]),
    room("DSMeasurement", ["DSCore", "CSystem"]),
    room(
      "DSTuning",
      [
        "DSCore", "CSystem", "DSKernels", "DSMachine", "DSNetworks", "DSSchedule", "DSRuntime",
        "DSMeasurement",
      ]),
    room("DSReporting", ["DSCore", "DSMeasurement", "DSSchedule"]),
    room("DSCommandLine", ["DSCore", "CSystem"]),
    room(
      "DSCommands",
      ["DSCommandLine", "DSCore", "DSKernels", "DSNetworks", "DSRuntime", "DSSchedule"]),

    room("DSImages", ["DSCore", "CSpng", "CTurboJPEG"]),

    // Commands
    command(
      "dstune",
      [
        "DSCommandLine", "DSCommands", "DSCore", "DSTuning", "DSReporting", "DSMachine",
        "DSMeasurement",
        "DSNetworks", "DSSchedule", "DSRuntime", "DSKernels",
      ]),
    command(
      "dsbench",
      [
        "CSystem", "DSCommandLine", "DSCommands", "DSCore", "DSTuning", "DSReporting",
        "DSMachine", "DSNetworks", "DSSchedule", "DSRuntime", "DSKernels", "DSMeasurement",
      ]),
    command(
      "dsclassify",
      [
        "DSCommandLine", "DSCommands", "DSCore", "DSImages", "DSRuntime", "DSNetworks",
        "DSSchedule",
      ]),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["DSCore", "DSSchedule", "CSystem"],
      path: "Tests/TestSupport",
      swiftSettings: warningsAsErrors),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .executableTarget(
      name: "RandomNetworks",
      dependencies: ["DSCore", "DSKernels", "DSNetworks", "DSRuntime", "DSSchedule"],
      path: "Tests/RandomNetworks", swiftSettings: warningsAsErrors),
    tests("DSCoreTests", ["DSCore", "TestSupport"]),
    tests("DSKernelsTests", ["DSCore", "DSKernels", "DSNetworks", "TestSupport"]),
    tests("DSMachineTests", ["DSMachine", "TestSupport"]),
    tests("DSNetworksTests", ["DSNetworks", "TestSupport"]),
    tests("DSScheduleTests", ["DSSchedule", "TestSupport"]),
    tests(
      "DSRuntimeTests",
      [
        "CAllocationCounter", "DSCore", "DSKernels", "DSMachine", "DSNetworks", "DSRuntime",
        "DSSchedule", "TestSupport",
      ]),
    tests("DSMeasurementTests", ["DSCore", "DSMeasurement", "TestSupport"]),
    tests(
      "DSTuningTests",
      [
        "DSCore", "DSKernels", "DSMachine", "DSMeasurement", "DSNetworks", "DSRuntime",
        "DSSchedule", "DSTuning", "TestSupport",
      ]),
    tests("DSReportingTests", ["DSReporting", "TestSupport"]),
    tests("DSImagesTests", ["DSImages", "TestSupport"]),
    tests("DSCommandLineTests", ["DSCommandLine", "TestSupport"], fixtures: ["Fixtures"]),
    tests(
      "CommandTests",
      ["DSCore", "DSKernels", "DSNetworks", "DSRuntime", "DSSchedule", "TestSupport"]),
  ]
    + kernelTargets.map { target in
      .target(
        name: target.name, dependencies: ["CSystem", "DSCore"],
        swiftSettings: kernelSettings(target.flags) + warningsAsErrors)
    },
  swiftLanguageModes: [.v6]
)

// MARK: - Fuzzing

func fuzzer(_ name: String, _ folder: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies + ["FuzzHarness"], path: "Tests/Fuzz/\(folder)",
    swiftSettings: warningsAsErrors,
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
}

if isFuzzed {
  package.targets += [
    .target(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
    .target(
      name: "FuzzHarness", dependencies: ["CFuzzer", "DSCommandLine"], path: "Tests/Fuzz/Harness",
      swiftSettings: warningsAsErrors),
    fuzzer(
      "fuzz-text", "TextReaders",
      ["DSCommandLine", "DSCore", "DSImages", "DSNetworks", "DSSchedule"]),
    fuzzer(
      "fuzz-files", "FileReaders",
      [
        "DSCommandLine", "DSCommands", "DSCore", "DSMeasurement", "DSNetworks", "DSRuntime",
        "DSSchedule", "DSTuning",
      ]),
    fuzzer("fuzz-formats", "FormatReaders", ["DSImages", "DSMachine"]),
  ]
}
