/// The cores a pattern may use, by last-level cache domain, and how some of them are picked.
struct CoreChoice {
  /// Domains with at least one such core, in hwloc's order.
  let domains: [[Topology.Core]]
  let coreCount: Int
  /// For every kind of core, the fastest first, how many of it lie in front of each domain.
  private let coresBefore: [(kind: Int, counts: [Int])]

  /// - Parameters:
  ///   - kind: the only kind of core to use; `nil` for any.
  ///   - units: hardware threads every core must have.
  init(_ topology: Topology, kind: Int?, units: Int) {
    let domains = topology.cacheDomains.map { domain in
      domain.filter {
        (kind == nil || $0.kind == kind) && $0.operatingSystemProcessors.count >= units
      }
    }.filter { !$0.isEmpty }
    self.domains = domains
    coreCount = domains.reduce(0) { $0 + $1.count }
    coresBefore = Set(domains.joined().map { $0.kind ?? 0 }).sorted(by: >).map { kind in
      let counts = domains.reduce(into: [0]) { counts, domain in
        counts.append(counts[counts.count - 1] + domain.count { ($0.kind ?? 0) == kind })
      }
      return (kind, counts)
    }
  }

  /// The smallest number of domains that holds `count` cores as fast as any `count` of the machine.
  func fewestDomains(holding count: Int) -> Int? {
    guard count > 0, let best = speed(of: domains.indices, count: count) else { return nil }
    return (1...domains.count).first { domainCount in
      if let window = fastestWindow(domainCount, holding: count) { return window.speed == best }
      return largestDomains(domainCount, holding: count) != nil
    }
  }

  /// `count` cores out of `domainCount` domains; `nil` where there are not that many.
  func cores(count: Int, domainCount: Int) -> [Topology.Core]? {
    guard (1...max(1, count)).contains(domainCount), domainCount <= domains.count,
      let fewest = fewestDomains(holding: count),
      let chosen = fastestWindow(domainCount, holding: count)?.indices.map({ $0 })
        ?? largestDomains(domainCount, holding: count)
    else { return nil }
    let chosenDomains = chosen.map { domains[$0] }
    guard domainCount > fewest else { return Self.fastest(chosenDomains.flatMap { $0 }, count) }
    let shares = Self.evenShares(count, sizes: chosenDomains.map(\.count))
    return zip(chosenDomains, shares).flatMap { Self.fastest($0, $1) }
  }

  // MARK: - Domains

  /// The first neighbouring domains with the fastest `count` cores.
  private func fastestWindow(
    _ domainCount: Int, holding count: Int
  ) -> (speed: Int, indices: Range<Int>)? {
    var best: (speed: Int, indices: Range<Int>)?
    for start in 0...(domains.count - domainCount) {
      let indices = start..<start + domainCount
      if let speed = speed(of: indices, count: count), speed > best?.speed ?? -1 {
        best = (speed, indices)
      }
    }
    return best
  }

  /// For where no neighbours hold `count` cores: a cgroup can leave domains of any size.
  private func largestDomains(_ domainCount: Int, holding count: Int) -> [Int]? {
    let largest = domains.indices.sorted {
      (domains[$1].count, $0) < (domains[$0].count, $1)
    }.prefix(domainCount).sorted()
    return largest.reduce(0) { $0 + domains[$1].count } >= count ? largest : nil
  }

  /// The sum of the kinds of the fastest `count` cores; `nil` where there are fewer.
  private func speed(of indices: Range<Int>, count: Int) -> Int? {
    var missing = count
    var speed = 0
    for (kind, before) in coresBefore where missing > 0 {
      let used = min(missing, before[indices.upperBound] - before[indices.lowerBound])
      speed += kind * used
      missing -= used
    }
    return missing > 0 ? nil : speed
  }

  // MARK: - Cores

  /// The fastest kinds first, in hwloc's order within a kind.
  private static func fastest(_ cores: [Topology.Core], _ count: Int) -> [Topology.Core] {
    let order = cores.sorted {
      ($1.kind ?? 0, $0.logicalIndex) < ($0.kind ?? 0, $1.logicalIndex)
    }
    return Array(order.prefix(count))
  }

  /// How many of `count` each domain takes: as equal as their sizes allow, the first ones one more.
  private static func evenShares(_ count: Int, sizes: [Int]) -> [Int] {
    var shares = [Int](repeating: 0, count: sizes.count)
    var left = count
    while left > 0 {
      for index in sizes.indices where left > 0 && shares[index] < sizes[index] {
        shares[index] += 1
        left -= 1
      }
    }
    return shares
  }
}
