/// Which cores work on a problem, as a pattern that holds on every machine of that kind:
/// "2c/1pu/1xL3" is two cores, one processing unit each, inside one last-level cache.
public struct CorePattern: Hashable, Sendable {
  public var cores: Int
  public var processingUnitsPerCore: Int
  /// How many last-level cache domains the cores lie in.
  public var cacheDomains: Int
  /// The level of that cache: 3 on most machines, 2 where there is no L3.
  public var cacheLevel: Int
  /// The kind of core on a hybrid machine, counted from the most efficient (0); `nil` where all are alike.
  public var coreKind: Int?

  public init(
    cores: Int, processingUnitsPerCore: Int = 1, cacheDomains: Int = 1, cacheLevel: Int = 3,
    coreKind: Int? = nil
  ) {
    self.cores = cores
    self.processingUnitsPerCore = processingUnitsPerCore
    self.cacheDomains = cacheDomains
    self.cacheLevel = cacheLevel
    self.coreKind = coreKind
  }

  /// Threads that run in this pattern.
  public var workers: Int { cores * processingUnitsPerCore }
}

extension CorePattern: LosslessStringConvertible {
  public var description: String {
    let kind = coreKind.map { "/kind\($0)" } ?? ""
    return "\(cores)c/\(processingUnitsPerCore)pu/\(cacheDomains)xL\(cacheLevel)\(kind)"
  }

  public init?(_ description: String) {
    let parts = description.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3 || parts.count == 4, parts[0].hasSuffix("c"), parts[1].hasSuffix("pu"),
      let cores = Int(parts[0].dropLast()), let units = Int(parts[1].dropLast(2)),
      let cross = parts[2].firstIndex(of: "x"),
      let domains = Int(parts[2][..<cross]), parts[2][cross...].hasPrefix("xL"),
      let level = Int(parts[2][cross...].dropFirst(2)),
      [cores, units, domains, level].allSatisfy({ (1...1 << 20).contains($0) })
    else { return nil }
    var kind: Int?
    if parts.count == 4 {
      guard parts[3].hasPrefix("kind"), let value = Int(parts[3].dropFirst(4)), value >= 0 else {
        return nil
      }
      kind = value
    }
    self.init(
      cores: cores, processingUnitsPerCore: units, cacheDomains: domains, cacheLevel: level,
      coreKind: kind)
  }
}
