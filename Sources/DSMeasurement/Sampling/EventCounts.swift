/// How often something happened; `nil` where the kernel does not let it be counted.
public struct EventCounts: Sendable, Equatable {
  public var cycles: UInt64?
  public var instructions: UInt64?
  public var pageFaults: UInt64?
  public var contextSwitches: UInt64?
  /// How often a thread went on on another CPU.
  public var migrations: UInt64?

  public init(
    cycles: UInt64? = nil, instructions: UInt64? = nil, pageFaults: UInt64? = nil,
    contextSwitches: UInt64? = nil, migrations: UInt64? = nil
  ) {
    self.cycles = cycles
    self.instructions = instructions
    self.pageFaults = pageFaults
    self.contextSwitches = contextSwitches
    self.migrations = migrations
  }

  /// Nothing of any kind, to add to.
  public static let zero = EventCounts(
    cycles: 0, instructions: 0, pageFaults: 0, contextSwitches: 0, migrations: 0)

  public static func - (later: EventCounts, earlier: EventCounts) -> EventCounts {
    later.combined(with: earlier) { $0 &- $1 }
  }

  public static func + (left: EventCounts, right: EventCounts) -> EventCounts {
    left.combined(with: right) { $0 &+ $1 }
  }

  /// What one of the two does not know, the result does not know either.
  private func combined(
    with other: EventCounts, _ combine: (UInt64, UInt64) -> UInt64
  ) -> EventCounts {
    func both(_ path: KeyPath<EventCounts, UInt64?>) -> UInt64? {
      guard let first = self[keyPath: path], let second = other[keyPath: path] else { return nil }
      return combine(first, second)
    }
    return EventCounts(
      cycles: both(\.cycles), instructions: both(\.instructions), pageFaults: both(\.pageFaults),
      contextSwitches: both(\.contextSwitches), migrations: both(\.migrations))
  }

  public var instructionsPerCycle: Double? {
    guard let cycles, let instructions, cycles > 0 else { return nil }
    return Double(instructions) / Double(cycles)
  }
}
