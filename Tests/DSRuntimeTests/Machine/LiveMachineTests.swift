import DSCore
import DSKernels
import DSMachine
import DSRuntime
import TestSupport
import Testing

/// The runtime describes its machine without hwloc, the tuner with it. Where they disagree, a schedule
/// would be refused on the very machine it was made on.
@Suite("This machine, seen without hwloc")
struct LiveMachineTests {
  private let live = LiveMachine.current

  @Test("The topology signature and the CPU are those that hwloc gives")
  func agreesWithTopology() throws {
    let declared = try Topology(.live).description
    #expect(live.description.topologySignature == declared.topologySignature)
    #expect(live.description.cpu == declared.cpu)
    #expect(live.description.instructionSet == declared.instructionSet)
  }

  @Test("One processor a core, each once")
  func processors() {
    #expect(live.processors.count == live.description.cores)
    #expect(Set(live.processors).count == live.processors.count)
    #expect(live.description.cores <= live.description.processingUnits)
    #expect(live.description.instructionSet == Registry.bestInstructionSet)
    #expect(live.cacheDomains.count == live.processors.count)
  }

  @Test("Threads are bound where the tuner binds them")
  func sameOrderAsTopology() throws {
    let set = try Topology(.live).defaultCoreSet(workers: live.processors.count)
    #expect(live.processors == set.processors)
    #expect(Set(live.cacheDomains).count == set.pattern.cacheDomains)
  }
}

@Suite("Machines that are not here, seen without hwloc")
struct FakeMachineTests {
  private func expect(
    _ system: FakeSystem, allowed: Set<Int>? = nil, signature: String, processors: [Int],
    domains: [Int], packages: Int = 1
  ) throws {
    try system.withFiles { root in
      let all = Set(system.cores.flatMap(FakeSystem.numbers))
      let machine = LiveMachine(systemRoot: root, allowed: allowed ?? all)
      #expect(machine.description.topologySignature == signature)
      #expect(machine.processors == processors)
      #expect(machine.cacheDomains == domains)
      #expect(machine.description.packages == packages)
    }
  }

  private static let twoSockets = FakeSystem(
    cores: (0..<8).map { "\($0)" }, packages: ["0,2,4,6", "1,3,5,7"],
    caches: [
      .init(level: 1, size: "32K", shared: (0..<8).map { "\($0)" }),
      .init(level: 2, size: "1024K", shared: (0..<8).map { "\($0)" }),
      .init(level: 3, size: "32768K", shared: ["0,2,4,6", "1,3,5,7"]),
    ], nodes: ["0,2,4,6", "1,3,5,7"])

  @Test("Two sockets with even and odd numbers are filled one after the other")
  func evenAndOdd() throws {
    try expect(
      Self.twoSockets, signature: "core:8 pu:1 l1d:32K l2:1M l3:32M/4 numa:2",
      processors: [0, 2, 4, 6, 1, 3, 5, 7], domains: [0, 0, 0, 0, 1, 1, 1, 1], packages: 2)
  }

  @Test("Only the nodes of allowed processors count, and the fullest cache says who shares")
  func allowedPart() throws {
    try expect(
      Self.twoSockets, allowed: [0, 2, 4, 6],
      signature: "core:4 pu:1 l1d:32K l2:1M l3:32M/4 numa:1",
      processors: [0, 2, 4, 6], domains: [0, 0, 0, 0])
    try expect(
      Self.twoSockets, allowed: [0, 2, 6, 7],
      signature: "core:4 pu:1 l1d:32K l2:1M l3:32M/3 numa:2",
      processors: [0, 2, 6, 7], domains: [0, 0, 0, 1], packages: 2)
  }

  @Test("Of a hybrid machine, the caches and first cores are the performance cores'")
  func hybrid() throws {
    let system = FakeSystem(
      cores: ["0-1", "2-3", "4", "5", "6", "7"], packages: ["0-7"],
      caches: [
        .init(level: 1, size: "48K", shared: ["0-1", "2-3"]),
        .init(level: 1, size: "32K", shared: ["4", "5", "6", "7"]),
        .init(level: 2, size: "1280K", shared: ["0-1", "2-3"]),
        .init(level: 2, size: "2048K", shared: ["4-7"]),
        .init(level: 3, size: "24M", shared: ["0-7"]),
      ], nodes: ["0-7"], performanceProcessors: "0-3")
    try expect(
      system, signature: "core:6 pu:1 l1d:48K l2:1280K l3:24M/6 numa:1",
      processors: [0, 2, 4, 5, 6, 7], domains: [0, 0, 0, 0, 0, 0])
    try expect(
      system, allowed: [1, 4, 5, 6, 7], signature: "core:5 pu:1 l1d:48K l2:1280K l3:24M/5 numa:1",
      processors: [1, 4, 5, 6, 7], domains: [0, 0, 0, 0, 0])
    // Without a performance core, the others are the fastest there are.
    try expect(
      system, allowed: [4, 5, 6], signature: "core:3 pu:1 l1d:32K l2:2M/3 l3:24M/3 numa:1",
      processors: [4, 5, 6], domains: [0, 0, 0])
  }

  @Test("On Arm the cores of the greatest capacity come first")
  func capacities() throws {
    let system = FakeSystem(
      cores: (0..<4).map { "\($0)" }, packages: ["0-3"],
      caches: [
        .init(level: 1, size: "32K", shared: ["0", "1"]),
        .init(level: 1, size: "64K", shared: ["2", "3"]),
        .init(level: 2, size: "512K", shared: ["0-1"]),
        .init(level: 2, size: "2M", shared: ["2-3"]),
      ], capacities: [0: 446, 1: 446, 2: 1024, 3: 1024])
    try expect(
      system, signature: "core:4 pu:1 l1d:64K l2:2M/2 numa:1", processors: [2, 3, 0, 1],
      domains: [0, 0, 1, 1])
  }

  @Test("Hardware threads of one core are one place for a thread")
  func hardwareThreads() throws {
    let system = FakeSystem(
      cores: ["0,2", "1,3"], packages: ["0-3"],
      caches: [.init(level: 1, size: "32K", shared: ["0,2", "1,3"])])
    try expect(
      system, signature: "core:2 pu:2 l1d:32K numa:1", processors: [0, 1], domains: [0, 1])
    try expect(
      system, allowed: [1, 2, 3], signature: "core:2 pu:1 l1d:32K numa:1", processors: [2, 1],
      domains: [0, 1])
  }

  @Test("A system that says nothing is one core without caches")
  func nothing() throws {
    let nothing = FakeSystem(cores: [], packages: [], caches: [])
    try expect(
      nothing, allowed: [], signature: "core:1 pu:1 numa:1", processors: [0], domains: [0])
    try expect(
      nothing, allowed: [3, 5], signature: "core:2 pu:1 numa:1", processors: [3, 5],
      domains: [0, 0])
  }
}
