import DSCore
import DSMachine
import Foundation
import Testing

@Suite struct TopologyTests {
  @Test(arguments: SyntheticMachines.expected)
  func readsSyntheticMachines(_ expected: SyntheticMachines.Expected) throws {
    let topology = try Topology(.synthetic(expected.notation))
    #expect(MachineCounts(topology) == expected.counts)
    #expect(!topology.isThisSystem)
    #expect(topology.cpuQuota == nil)
    expectConsistent(topology)
  }

  @Test(.enabled(if: RealMachines.folder != nil), arguments: RealMachines.expected)
  func readsRealMachines(_ expected: RealMachines.Expected) throws {
    let topology = try Topology(.xml(path: #require(RealMachines.path(expected.file))))
    #expect(MachineCounts(topology) == expected.counts)
    #expect(topology.kinds.count == expected.kinds)
    #expect(topology.description.cpu == expected.cpu)
    #expect(topology.description.topologySignature == expected.signature)
    expectConsistent(topology)
  }

  @Test func readsSizesOfSyntheticCaches() throws {
    let machine = try Topology(
      .synthetic("pack:1 l3:3(size=100663296) l2:5(size=1310720) l1:1(size=49152) core:1 pu:2")
    ).description
    #expect(machine.cache(level: 1)?.byteCount == 48 << 10)
    #expect(machine.cache(level: 2)?.byteCount == 1280 << 10)
    #expect(machine.cache(level: 3)?.byteCount == 96 << 20)
    #expect(machine.cache(level: 3)?.sharedByCores == 5)
    #expect(machine.cache(level: 3)?.count == 3)
    #expect(machine.instructionSet == .baseline)
  }

  @Test(
    .enabled(if: RealMachines.folder != nil),
    arguments: [
      ("AMD-19h-Zen4-2xEpyc-9654.xml", InstructionSet.avx512),
      ("AMD-19h-Zen3-2xEpyc-7763.xml", .avx2),
      ("Intel-SapphireRapids-2xXeonMax9460.xml", .avx512),
      ("Intel-RaptorLake-Corei7-1370P.xml", .avx2),
      ("Intel-KnightsLanding-XeonPhi-7210.xml", .avx2),
      ("nvidia-dgx-gb10.xml", .baseline),
      ("32amd64-4s2n4c-cgroup2.xml", .baseline),
    ])
  func assumesNoMoreThanTheModelHas(_ file: String, _ instructionSet: InstructionSet) throws {
    let topology = try Topology(.xml(path: #require(RealMachines.path(file))))
    #expect(topology.description.instructionSet == instructionSet)
  }

  @Test(.enabled(if: RealMachines.folder != nil))
  func hybridCachesAreThoseOfTheFastestKind() throws {
    let path = try #require(RealMachines.path("Intel-RaptorLake-Corei7-1370P.xml"))
    let topology = try Topology(.xml(path: path))
    #expect(topology.caches.count { $0.level == 2 && $0.cores.count == 4 } == 2)
    #expect(topology.description.cache(level: 2)?.sharedByCores == 1)
    #expect(topology.description.cache(level: 2)?.count == 8)
  }

  @Test func exportsWhatItReadsBack() throws {
    let topology = try Topology(.synthetic("pack:2 l3:2 l2:2 core:1 pu:2"))
    let file = try TemporaryFile(topology.exportXML())
    let again = try Topology(.xml(path: file.path))
    #expect(again.cores == topology.cores)
    #expect(again.caches == topology.caches)
    #expect(again.description == topology.description)
  }

  @Test(.enabled(if: TopologySource.fromEnvironment() == .live))
  func readsTheLiveMachine() throws {
    let topology = try Topology(.live)
    #expect(topology.isThisSystem)
    #expect(topology.description.cpu != "unknown/0/0")
    expectConsistent(topology)
  }

  @Test func environmentNamesTheSource() {
    func source(_ variables: [String: String]) -> TopologySource {
      .fromEnvironment { variables[$0] }
    }
    #expect(source([:]) == .live)
    #expect(source(["HWLOC_XMLFILE": ""]) == .live)
    #expect(source(["HWLOC_XMLFILE": "a.xml"]) == .xml(path: "a.xml"))
    #expect(source(["HWLOC_XMLFILE": "a.xml", "HWLOC_SYNTHETIC": "pu:2"]) == .synthetic("pu:2"))
  }

  /// Whatever the machine: numbers are dense, references exist, nothing is empty.
  private func expectConsistent(_ topology: Topology) {
    let cores = topology.cores
    #expect(cores.map(\.logicalIndex) == Array(cores.indices))
    #expect(cores.allSatisfy { !$0.operatingSystemProcessors.isEmpty })
    #expect(Set(topology.allowedProcessors).count == topology.allowedProcessors.count)
    #expect(topology.cacheDomains.joined().count == cores.count)
    #expect(cores.allSatisfy { $0.kind.map(topology.kinds.indices.contains) ?? true })
    #expect(topology.numaNodes.flatMap(\.cores).sorted() == Array(cores.indices))
    #expect(topology.caches.allSatisfy { $0.cores.allSatisfy(cores.indices.contains) })
    let caches = topology.description.caches
    #expect(caches.allSatisfy { $0.byteCount > 0 && $0.lineBytes > 0 })
    #expect(caches.allSatisfy { $0.sharedByCores >= 1 && $0.count >= 1 })
    #expect(caches.map(\.level) == caches.map(\.level).sorted())
  }
}
