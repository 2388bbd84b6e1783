import DSCore
import DSMachine
import DSNetworks
import DSSchedule
import DSTuning
import Foundation
import Testing

/// Schedules for machines that are not here.
@Suite struct ForeignMachineTests {
  private static let notations = [
    "pack:1 l3:1 l2:1 l1:1 core:1 pu:1", "pack:2 l3:4 l2:8 core:1 pu:2", "pack:1 core:1 pu:2",
    "pack:1 l2:4 l1:1 core:1 pu:1", "pack:1 l2:2 l1:4 core:1 pu:4",
    "pack:2 [numa] l3:12 l2:8 l1:1 core:1 pu:2", "numa:8 l3:1 core:6 pu:1",
    "pack:2 [numa] core:3 pu:1", "pu:3", "pack:1 l1:384 core:1 pu:1",
  ]

  private static let files: [String] = {
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["DSTUNE_TOPOLOGIES"].map { URL(filePath: $0) }
    let folder = named ?? package.appending(path: "../shared/topologies")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".xml") }.sorted()
      .map { folder.appending(path: $0).standardizedFileURL.path }
  }()

  @Test(arguments: notations) func syntheticMachinesGetASchedule(notation: String) throws {
    try expectSchedules(Topology(.synthetic(notation)))
  }

  @Test(.enabled(if: !files.isEmpty, "no exports of machines here"), arguments: files)
  func realMachinesGetASchedule(path: String) throws {
    try expectSchedules(Topology(.xml(path: path)))
  }

  private func expectSchedules(_ topology: Topology) throws {
    let network = try Network(model: .mobileNetV1)
    for workers in Set([1, topology.cores.count]) {
      let set = try topology.defaultCoreSet(workers: workers)
      var patterns = [workers: set.pattern]
      for smaller in topology.coreSets(maximumWorkers: workers) {
        patterns[smaller.processors.count] =
          patterns[smaller.processors.count] ?? smaller.pattern
      }
      let request = TuningRequest(
        network: network, instructionSet: topology.description.instructionSet,
        processors: set.processors, effort: .estimate)
      let schedule = try Tuner(
        request, machine: topology.description, declared: topology.description, patterns: patterns
      ).tune().schedule
      #expect(schedule.machine.origin == .predicted)
      #expect(schedule.threads == workers)
      #expect(schedule.entries.count == network.problems.count)
      for entry in schedule.entries {
        #expect(entry.state == .predicted && entry.microseconds.samples == 0)
        let pattern = try #require(CorePattern(entry.cores))
        let cores = try #require(topology.coreSet(for: pattern), "\(entry.cores)")
        #expect(cores.processors.count == pattern.workers && pattern.workers <= workers)
        #expect(Set(cores.processors).isSubset(of: topology.allowedProcessors))
      }
    }
  }
}
