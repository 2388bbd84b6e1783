import DSCommandLine
import DSMeasurement
import DSSchedule

/// What the kernel counted while a network was timed, as far as it counts here.
struct InferenceCounts {
  /// Of one inference, all threads together.
  let cycles: Double?
  let instructions: Double?
  private let counts: EventCounts

  init(_ counts: EventCounts?, inferences: Int) {
    self.counts = counts ?? EventCounts()
    cycles = self.counts.cycles.map { Double($0) / Double(max(inferences, 1)) }
    instructions = self.counts.instructions.map { Double($0) / Double(max(inferences, 1)) }
  }

  /// One line for people; `nil` where nothing is counted.
  var sentence: String? {
    var work: [String] = []
    if let cycles { work.append("\(Quantity.count(Int(cycles))) cycles") }
    if let instructions { work.append("\(Quantity.count(Int(instructions))) instructions") }
    if let rate = counts.instructionsPerCycle {
      work.append("\(Quantity.fixed(rate, decimals: 2)) a cycle")
    }
    let disturbances: [(count: UInt64?, one: String, many: String)] = [
      (counts.pageFaults, "page fault", "page faults"),
      (counts.contextSwitches, "context switch", "context switches"),
      (counts.migrations, "migration", "migrations"),
    ]
    let met = disturbances.compactMap { kind in
      kind.count.map { "\($0) \($0 == 1 ? kind.one : kind.many)" }
    }
    let parts = [
      work.isEmpty ? nil : "an inference: " + work.joined(separator: ", "),
      met.isEmpty ? nil : "while timed: " + met.joined(separator: ", "),
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

extension JSONValue {
  /// A count, or null for one that nobody knows.
  static func count(_ value: UInt64?) -> JSONValue {
    value.map { .integer(Int(clamping: $0)) } ?? .null
  }
}
