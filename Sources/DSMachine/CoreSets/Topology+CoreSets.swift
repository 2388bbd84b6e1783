import DSCore

extension Topology {
  /// Which cores work unless something better is known: one worker a core in hwloc's order, the
  /// fastest kind of core first, filling one last-level cache before the next.
  ///
  /// More workers than cores fill the cores' hardware threads, as many on each of the cores used.
  public func defaultCoreSet(workers: Int) throws(CoreSetError) -> CoreSet {
    guard workers > 0 else { throw .noWorkers(workers) }
    for units in 1...largestUnitCount where workers % units == 0 {
      if let set = compactSet(cores: workers / units, units: units) { return set }
    }
    throw .tooManyWorkers(
      workers, cores: cores.count,
      processors: cores.reduce(0) { $0 + $1.operatingSystemProcessors.count })
  }

  /// The processors a stored pattern means on this machine; `nil` where they do not exist.
  ///
  /// Among neighbouring domains the first ones with the fastest cores are taken. A pattern with no
  /// more domains than it needs fills them one by one; one with more spreads over them evenly.
  public func coreSet(for pattern: CorePattern) -> CoreSet? {
    guard pattern.cores > 0, pattern.processingUnitsPerCore > 0, pattern.cacheDomains > 0,
      pattern.cacheLevel == lastCacheLevel
    else { return nil }
    let choice = CoreChoice(
      self, kind: pattern.coreKind, units: pattern.processingUnitsPerCore)
    guard
      let chosen = choice.cores(count: pattern.cores, domainCount: pattern.cacheDomains)
    else { return nil }
    return CoreSet(
      pattern: pattern,
      processors: chosen.flatMap {
        $0.operatingSystemProcessors.prefix(pattern.processingUnitsPerCore)
      })
  }

  /// The core sets worth trying with up to `maximumWorkers` threads: a few dozen even on the
  /// largest machines, each with another set of processors, fewest workers first.
  ///
  /// For 1 to 8 cores, powers of two, a whole cache domain, package and machine: packed into as
  /// few cache domains as possible, spread over as many, and with 2, 4… hardware threads a core.
  /// On a hybrid machine for each kind of core, the fastest first, and for all kinds together
  /// where the fastest alone do not suffice.
  public func coreSets(maximumWorkers: Int) -> [CoreSet] {
    var sets: [CoreSet] = []
    var seen: Set<Set<Int>> = []
    func add(_ set: CoreSet?) {
      guard let set, set.processors.count <= maximumWorkers else { return }
      if seen.insert(Set(set.processors)).inserted { sets.append(set) }
    }
    let unitCounts = sequence(first: 1) { $0 * 2 }.prefix { $0 < largestUnitCount }
    for kind in candidateKinds {
      for units in unitCounts + [largestUnitCount] {
        let choice = CoreChoice(self, kind: kind, units: units)
        for count in coreCounts(of: choice) where count * units <= maximumWorkers {
          add(compactSet(cores: count, units: units, kind: kind))
          let widest = min(count, choice.domains.count)
          if units == 1 {
            add(coreSet(for: pattern(count, units, domains: widest, kind: kind)))
          }
        }
      }
    }
    return sets.enumerated().sorted {
      ($0.element.processors.count, $0.offset) < ($1.element.processors.count, $1.offset)
    }.map(\.element)
  }
}

// MARK: - Choices

extension Topology {
  /// Hardware threads of the core that has the most.
  private var largestUnitCount: Int { cores.map(\.operatingSystemProcessors.count).max() ?? 1 }

  /// The fastest kind first, all of them together last; only "all alike" on ordinary machines.
  private var candidateKinds: [Int?] {
    Set(cores.map(\.kind)).compactMap { $0 }.sorted(by: >) + [nil]
  }

  private func pattern(_ count: Int, _ units: Int, domains: Int, kind: Int?) -> CorePattern {
    CorePattern(
      cores: count, processingUnitsPerCore: units, cacheDomains: domains,
      cacheLevel: lastCacheLevel, coreKind: kind)
  }

  /// In as few domains as the fastest such cores allow, of one kind if one suffices.
  private func compactSet(cores count: Int, units: Int) -> CoreSet? {
    for kind in [kinds.isEmpty ? nil : cores.compactMap(\.kind).max(), nil] {
      if let set = compactSet(cores: count, units: units, kind: kind) { return set }
    }
    return nil
  }

  private func compactSet(cores count: Int, units: Int, kind: Int?) -> CoreSet? {
    let choice = CoreChoice(self, kind: kind, units: units)
    return choice.fewestDomains(holding: count).flatMap {
      coreSet(for: pattern(count, units, domains: $0, kind: kind))
    }
  }

  private func coreCounts(of choice: CoreChoice) -> [Int] {
    let total = choice.coreCount
    let domain = choice.domains.map(\.count).max() ?? 0
    let package = Dictionary(grouping: choice.domains.joined(), by: \.package).values.map(\.count)
    let powers = sequence(first: 16) { $0 * 2 }.prefix { $0 < total }
    let counts = Set(Array(1...8) + powers + package + [domain, total])
    return counts.filter { (1...max(1, total)).contains($0) }.sorted()
  }
}
