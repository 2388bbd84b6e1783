/// What differs between two schedules.
public struct ScheduleDifference: Sendable, Equatable {
  /// A field outside the entries; `nil` where it is missing.
  public struct Field: Sendable, Equatable {
    public var path: String
    public var first: JSONValue?
    public var second: JSONValue?
  }

  /// A problem that both have, with entries that are not the same.
  public struct Change: Sendable, Equatable {
    public var first: ScheduleEntry
    public var second: ScheduleEntry

    /// Whether kernel, parameters and cores are the same, and only what was measured differs.
    public var isSameChoice: Bool { first.choosesTheSame(as: second) }
    /// The first one's time divided by the second one's; `nil` where there is no time.
    public var speedup: Double? {
      let (old, new) = (first.microseconds.median, second.microseconds.median)
      return old > 0 && new > 0 ? old / new : nil
    }
  }

  public var fields: [Field] = []
  public var onlyInFirst: [ScheduleEntry] = []
  public var onlyInSecond: [ScheduleEntry] = []
  public var changes: [Change] = []

  public init(_ first: Schedule, _ second: Schedule) {
    let (before, after) = (first.flatHeader, second.flatHeader)
    for path in Set(before.keys).union(after.keys).sorted() where before[path] != after[path] {
      fields.append(Field(path: path, first: before[path], second: after[path]))
    }
    for entry in first.entries {
      switch second.entry(for: entry.problem) {
      case nil: onlyInFirst.append(entry)
      case let other? where other != entry: changes.append(Change(first: entry, second: other))
      case _?: break
      }
    }
    onlyInSecond = second.entries.filter { first.entry(for: $0.problem) == nil }
  }

  public var isEmpty: Bool {
    fields.isEmpty && onlyInFirst.isEmpty && onlyInSecond.isEmpty && changes.isEmpty
  }
}

extension Schedule {
  public static func diff(_ first: Schedule, _ second: Schedule) -> ScheduleDifference {
    ScheduleDifference(first, second)
  }

  /// Every field outside the entries by its path ("machine.measured.l2_gbps").
  fileprivate var flatHeader: [String: JSONValue] {
    guard case .object(var members) = json else { return [:] }
    members["entries"] = nil
    var result: [String: JSONValue] = [:]
    func flatten(_ value: JSONValue, path: String) {
      guard case .object(let members) = value else { return result[path] = value }
      for (key, member) in members { flatten(member, path: path.isEmpty ? key : "\(path).\(key)") }
    }
    flatten(.object(members), path: "")
    return result
  }
}
