import Foundation
import Testing

/// Which target may import which: the arrows of Documentation/Architecture.md. A target that is not
/// here has none, so a new room needs a row.
private let arrows: [String: Set<String>] = {
  let instructionSets: Set = ["DSKernelsBaseline", "DSKernelsAVX2", "DSKernelsAVX512"]
  let runtime: Set = ["DSCore", "CSystem", "DSKernels", "DSNetworks", "DSSchedule"]
  let tuning = runtime.union(["DSRuntime", "DSMachine", "DSMeasurement"])
  let commands = tuning.union(["DSTuning", "DSReporting", "DSCommandLine", "DSCommands"])
  var arrows: [String: Set<String>] = [
    "CHwloc": [], "CTurboJPEG": [], "CSpng": [], "CSystem": [],
    "DSCore": [],
    "DSKernels": instructionSets.union(["DSCore", "CSystem"]),
    "DSNetworks": ["DSCore"],
    "DSSchedule": ["DSCore"],
    "DSRuntime": runtime,
    "DSMachine": ["DSCore", "CHwloc", "CSystem"],
    "DSMeasurement": ["DSCore", "CSystem"],
    "DSTuning": tuning,
    "DSReporting": ["DSCore", "DSMeasurement", "DSSchedule"],
    "DSImages": ["DSCore", "CTurboJPEG", "CSpng"],
    // Words of main without /proc, and outputs whose waits a signal ends as it does those of files.
    "DSCommandLine": ["DSCore", "CSystem"],
    "DSCommands": runtime.union(["DSRuntime", "DSCommandLine"]),
    "dstune": commands, "dsbench": commands,
    "dsclassify": runtime.union(["DSRuntime", "DSImages", "DSCommandLine", "DSCommands"]),
  ]
  for target in instructionSets { arrows[target] = ["CSystem", "DSCore"] }
  return arrows
}()

/// Modules of the toolchain and the system that a room may import, besides the standard library.
/// Foundation is never among them; where FoundationEssentials is, Foundation may stand in for it.
private func outsideModules(of target: String) -> Set<String> {
  let always: Set = ["Glibc", "Synchronization"]
  switch target {
  case "DSCore", "DSCommandLine": return always
  case "DSKernelsBaseline", "DSKernelsAVX2", "DSKernelsAVX512":
    return ["_Builtin_intrinsics.intel"]
  default: return always.union(["FoundationEssentials"])
  }
}

@Suite("Rooms")
struct RoomsTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let package = Result { try PackageDescription(dumpedFrom: root) }

  @Test("every target keeps to its arrows, tests apart")
  func declaredArrows() throws {
    for target in try Self.package.get().targets where !target.isForTests {
      let allowed = try #require(arrows[target.name], "\(target.name) has no row of arrows")
      let excess = target.dependencies.subtracting(allowed).sorted()
      #expect(excess.isEmpty, "\(target.name) may not import \(excess)")
    }
  }

  @Test("no arrows lead in a circle")
  func noCircles() throws {
    let targets = try Self.package.get().targets
    for target in targets {
      let reached = Self.closure(of: target.dependencies, in: targets)
      #expect(!reached.contains(target.name), "\(target.name) reaches itself")
    }
  }

  @Test("what an app links brings no hwloc, tuning, reporting or command line")
  func runtimeIsSmall() throws {
    let targets = try Self.package.get().targets
    let reached = Self.closure(of: ["DSRuntime"], in: targets)
    let unwanted: Set = ["CHwloc", "DSMachine", "DSTuning", "DSReporting", "DSCommandLine"]
    #expect(reached.isDisjoint(with: unwanted), "\(reached.intersection(unwanted).sorted())")
  }

  @Test("sources import what their target declares, and nothing of the system that it may not")
  func importLines() throws {
    let targets = try Self.package.get().targets
    let names = Set(targets.map(\.name))
    for target in targets {
      // Tests may name whatever comes along with what they test.
      let declared =
        target.isForTests
        ? Self.closure(of: target.dependencies, in: targets) : target.dependencies
      for file in try target.swiftFiles(under: Self.root) {
        let text = try String(contentsOf: file, encoding: .utf8)
        for module in Self.imports(in: text) {
          let place = "\(target.name)/\(file.lastPathComponent)"
          if names.contains(module) {
            #expect(declared.contains(module), "\(place) imports \(module)")
          } else if module == "Foundation", !target.isForTests {
            let standsIn = text.contains("#if canImport(FoundationEssentials)")
            #expect(
              standsIn && outsideModules(of: target.name).contains("FoundationEssentials"),
              "\(place) imports all of Foundation")
          } else if !target.isForTests {
            #expect(
              outsideModules(of: target.name).contains(module), "\(place) imports \(module)")
          }
        }
      }
    }
  }

  @Test(
    "import lines are read in all their forms",
    arguments: [
      ("import Glibc", ["Glibc"]), ("public import DSCore", ["DSCore"]),
      ("  package import DSCore  // why", ["DSCore"]), ("import struct DSCore.Problem", ["DSCore"]),
      ("@preconcurrency import Glibc", ["Glibc"]), ("// import Glibc", []), ("importer()", []),
      (
        "import _Builtin_intrinsics.intel.immintrin\nimport Glibc",
        ["_Builtin_intrinsics.intel", "Glibc"]
      ),
    ])
  func importForms(text: String, modules: [String]) {
    #expect(Self.imports(in: text) == modules)
  }

  /// Every target that these lead to, themselves included.
  private static func closure(
    of names: Set<String>, in targets: [PackageDescription.Target]
  ) -> Set<String> {
    var reached: Set<String> = []
    var pending = names
    while let name = pending.popFirst() {
      guard reached.insert(name).inserted else { continue }
      pending.formUnion(targets.first { $0.name == name }?.dependencies ?? [])
    }
    return reached
  }

  /// The modules that a file imports, in order.
  private static func imports(in text: String) -> [String] {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "let", "var"]
    return text.split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ")[...]
      words = words.drop { $0.hasPrefix("@") || ["public", "package", "internal"].contains($0) }
      guard words.popFirst() == "import" else { return nil }
      guard let module = words.drop(while: kinds.contains).first else { return nil }
      // The intrinsics are the one submodule with a name of its own here.
      let parts = module.split(separator: ".")
      return parts.prefix(parts[0] == "_Builtin_intrinsics" ? 2 : 1).joined(separator: ".")
    }
  }
}
