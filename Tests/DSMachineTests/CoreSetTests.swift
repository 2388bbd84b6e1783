import DSCore
import DSMachine
import Testing

@Suite struct CoreSetTests {
  static let sources: [TopologySource] =
    SyntheticMachines.expected.map { .synthetic($0.notation) }
    + RealMachines.expected.compactMap { RealMachines.path($0.file).map { .xml(path: $0) } }
    + [.live]

  @Test(arguments: sources)
  func everySetExistsAndItsPatternLeadsBackToIt(_ source: TopologySource) throws {
    let topology = try Topology(source)
    let allowed = Set(topology.allowedProcessors)
    let sets = topology.coreSets(maximumWorkers: allowed.count)
    #expect((1...64).contains(sets.count))
    #expect(Set(sets.map { Set($0.processors) }).count == sets.count)
    for set in sets {
      #expect(set.processors.count == set.pattern.workers, "\(set)")
      #expect(Set(set.processors).count == set.processors.count, "\(set)")
      #expect(allowed.isSuperset(of: set.processors), "\(set)")
      #expect(CorePattern(set.pattern.description) == set.pattern)
      #expect(topology.coreSet(for: set.pattern) == set)
      let used = topology.cores.filter { core in
        core.operatingSystemProcessors.contains { set.processors.contains($0) }
      }
      #expect(used.count == set.pattern.cores, "\(set)")
      #expect(Set(used.map(\.cacheDomain)).count == set.pattern.cacheDomains, "\(set)")
      #expect(set.pattern.coreKind == nil || used.allSatisfy { $0.kind == set.pattern.coreKind })
    }
  }

  @Test(arguments: sources)
  func everyCoreCountUpToEightAndAllIsThere(_ source: TopologySource) throws {
    let topology = try Topology(source)
    let cores = topology.cores.count
    let counts = Set(topology.coreSets(maximumWorkers: cores).map(\.processors.count))
    #expect(counts.isSuperset(of: 1...min(8, cores)))
    #expect(counts.contains(cores))
    #expect(counts.allSatisfy { $0 <= cores })
  }

  @Test(arguments: sources)
  func defaultsUseOneProcessorACore(_ source: TopologySource) throws {
    let topology = try Topology(source)
    for workers in 1...topology.cores.count {
      let set = try topology.defaultCoreSet(workers: workers)
      #expect(set.processors.count == workers)
      #expect(set.pattern.processingUnitsPerCore == 1)
      #expect(topology.coreSet(for: set.pattern) == set)
    }
  }

  @Test func defaultFillsOneCacheDomainAfterTheOther() throws {
    let topology = try Topology(.synthetic("pack:2 l3:2 core:4 pu:2"))
    let three = try topology.defaultCoreSet(workers: 3)
    #expect(three.processors == [0, 2, 4])
    #expect(three.pattern.description == "3c/1pu/1xL3")
    let five = try topology.defaultCoreSet(workers: 5)
    #expect(five.processors == [0, 2, 4, 6, 8])
    #expect(five.pattern.description == "5c/1pu/2xL3")
    #expect(try topology.defaultCoreSet(workers: 32).pattern.description == "16c/2pu/4xL3")
  }

  @Test func spreadPatternsTakeEvenShares() throws {
    let topology = try Topology(.synthetic("pack:1 l3:3 core:4 pu:1"))
    let set = try #require(topology.coreSet(for: CorePattern(cores: 5, cacheDomains: 3)))
    #expect(set.processors == [0, 1, 4, 5, 8])
  }

  @Test(arguments: [
    "9c/1pu/1xL3", "1c/2pu/1xL3", "1c/1pu/2xL3", "2c/1pu/3xL3", "5c/1pu/1xL3", "1c/1pu/1xL2",
    "1c/1pu/1xL3/kind0", "1048576c/1pu/2xL3",
  ])
  func patternsOfOtherMachinesAreRefused(_ text: String) throws {
    let topology = try Topology(.synthetic("pack:1 l3:2 core:4 pu:1"))
    let pattern = try #require(CorePattern(text))
    #expect(topology.coreSet(for: pattern) == nil)
  }

  @Test(.enabled(if: RealMachines.folder != nil)) func hybridsStartWithTheFastestCores() throws {
    let path = try #require(RealMachines.path("nvidia-dgx-gb10.xml"))
    let topology = try Topology(.xml(path: path))
    let four = try topology.defaultCoreSet(workers: 4)
    #expect(four.processors == [5, 6, 7, 8])
    #expect(four.pattern.coreKind == 1)
    let mixed = try topology.defaultCoreSet(workers: 12)
    #expect(mixed.pattern.coreKind == nil)
    #expect(Set(mixed.processors).isSuperset(of: Array(5...9) + Array(15...19)))
  }

  @Test(.enabled(if: RealMachines.folder != nil)) func offlineProcessorsAreNotUsed() throws {
    let path = try #require(RealMachines.path("16em64t-4s2c2t-offlines.xml"))
    let topology = try Topology(.xml(path: path))
    #expect(topology.allowedProcessors == [0, 1, 3, 4, 6, 12, 15])
    #expect(try topology.defaultCoreSet(workers: 2).processors == [0, 4])
  }

  @Test func requestsThatCannotBeMetSayWhatCan() throws {
    let topology = try Topology(.synthetic("pack:1 l3:1 core:4 pu:2"))
    #expect(throws: CoreSetError.noWorkers(0)) { try topology.defaultCoreSet(workers: 0) }
    #expect(throws: CoreSetError.tooManyWorkers(5, cores: 4, processors: 8)) {
      try topology.defaultCoreSet(workers: 5)
    }
    let error = #expect(throws: CoreSetError.self) { try topology.defaultCoreSet(workers: 9) }
    #expect(error?.description.contains("at most 4") == true)
    #expect(throws: CoreSetError.self) { try topology.defaultCoreSet(workers: .max) }
  }
}
