/// Several schedules of one network on one kind of machine, made one.
///
/// The result depends neither on the order of the schedules nor on how often one occurs. Entries are
/// taken whole: mixing parameters of different winners gives candidates nobody has measured.
public struct ScheduleMerge: Sendable, Equatable {
  /// Confirmed entries of one problem with different kernels and times that exclude each other.
  public struct Conflict: Sendable, Equatable {
    public var problem: String
    /// Different choices, the most certain first: that one is in the merged schedule.
    public var entries: [ScheduleEntry]
  }

  public let schedule: Schedule
  public let conflicts: [Conflict]

  /// - Throws: `ScheduleError.cannotMerge` where network, machine or threads differ, or there is none.
  public init(_ schedules: [Schedule]) throws(ScheduleError) {
    guard let first = schedules.first else { throw .cannotMerge(reason: "there is none") }
    for other in schedules { try Self.checkFit(first, other) }

    let groups = Dictionary(grouping: schedules.flatMap(\.entries), by: \.problem)
    let ranked = groups.mapValues { $0.sorted { $0.isPreferred(to: $1) } }
    conflicts = ranked.sorted { $0.key < $1.key }
      .compactMap { Self.conflict(problem: $0.key, ranked: $0.value) }

    var merged = Schedule(
      network: Self.canonical(schedules.map(\.network)) ?? first.network,
      tool: Self.canonical(schedules.map(\.tool)) ?? first.tool,
      machine: Self.canonical(schedules.map(\.machine)) ?? first.machine,
      threads: first.threads, instructionSetLimit: first.instructionSetLimit,
      noise: Self.noisiest(schedules.compactMap(\.noise)),
      entries: ranked.values.compactMap(\.first),
      warnings: Set(schedules.flatMap(\.warnings) + conflicts.map(\.description)).sorted())
    merged.schema.minor = schedules.map(\.schema.minor).max() ?? merged.schema.minor
    merged.unknown = schedules.reduce(into: [:]) { unknown, schedule in
      unknown.merge(schedule.unknown) { $0.text >= $1.text ? $0 : $1 }
    }
    // A result of the whole network belongs to exactly the entries it was measured with.
    let same = schedules.filter { $0.entries == merged.entries }
    merged.networkResult = Self.canonical(same.compactMap(\.networkResult))
    merged.findings =
      Self.canonical(same.compactMap(\.findings))
      ?? TuningFindings.merged(schedules.compactMap(\.findings))
    schedule = merged
  }

  // MARK: - Header

  /// What must agree, by the names in the file.
  private static let agreement: [(field: String, value: @Sendable (Schedule) -> String)] = [
    ("network.name", \.network.name),
    ("network.width", \.network.width.description),
    ("network.resolution", \.network.resolution.description),
    ("network.batch", \.network.batch.description),
    ("network.dtype", \.network.elementType.rawValue),
    ("machine.cpu", \.machine.cpu),
    ("machine.isa", { $0.machine.instructionSets.joined(separator: " ") }),
    ("machine.topology", \.machine.topology),
    ("threads", \.threads.description),
    ("isa_limit", { $0.instructionSetLimit?.rawValue ?? "none" }),
  ]

  private static func checkFit(_ first: Schedule, _ other: Schedule) throws(ScheduleError) {
    for (field, value) in agreement where value(first) != value(other) {
      throw .cannotMerge(
        reason: "\(field) is '\(value(first))' in one and '\(value(other))' in another; "
          + "merge only schedules of one network on one kind of machine")
    }
  }

  /// Always the same one, whatever the order: the last in the order of the text.
  private static func canonical<Object: FileObject>(_ objects: [Object]) -> Object? {
    objects.max { $0.json.text < $1.json.text }
  }

  /// The merged schedule may claim no gain that one of its sources could not have seen.
  private static func noisiest(_ records: [NoiseRecord]) -> NoiseRecord? {
    let floor = records.map(\.floorRatio).max()
    var noisiest = canonical(records.filter { $0.floorRatio == floor })
    noisiest?.leastBarrierNanoseconds = records.compactMap(\.leastBarrierNanoseconds).min()
    noisiest?.mostBarrierNanoseconds = records.compactMap(\.mostBarrierNanoseconds).max()
    return noisiest
  }

  // MARK: - Entries

  private static func conflict(problem: String, ranked: [ScheduleEntry]) -> Conflict? {
    let confirmed = ranked.filter { $0.state == .confirmed }
    var entries: [ScheduleEntry] = []
    for entry in confirmed where !entries.contains(entry) {
      let isContested = confirmed.contains {
        $0.kernel != entry.kernel && !$0.microseconds.overlaps(entry.microseconds)
      }
      if isContested { entries.append(entry) }
    }
    return entries.isEmpty ? nil : Conflict(problem: problem, entries: entries)
  }
}

extension ScheduleMerge.Conflict: CustomStringConvertible {
  public var description: String {
    let claims = entries.map {
      "\($0.kernel) (\($0.microseconds.low) to \($0.microseconds.high) µs)"
    }
    return "conflict for '\(problem)': confirmed winners exclude each other: "
      + claims.joined(separator: ", ") + "; time this problem again on an idle machine"
  }
}

extension Schedule {
  public static func merge(_ schedules: [Schedule]) throws(ScheduleError) -> ScheduleMerge {
    try ScheduleMerge(schedules)
  }
}

extension ScheduleEntry {
  /// A total order of how much an entry is worth: its state, then its samples, then how narrow its
  /// interval is, then the kernel's name. Equal in all of that, the text decides.
  func isPreferred(to other: ScheduleEntry) -> Bool {
    if state != other.state { return state.certainty > other.state.certainty }
    if microseconds.samples != other.microseconds.samples {
      return microseconds.samples > other.microseconds.samples
    }
    let (width, otherWidth) = (microseconds.relativeWidth, other.microseconds.relativeWidth)
    if width != otherWidth { return width < otherWidth }
    if kernel != other.kernel { return kernel < other.kernel }
    return json.text < other.json.text
  }
}

extension MeasuredInterval {
  fileprivate var relativeWidth: Double {
    median > 0 ? (high - low) / median : .greatestFiniteMagnitude
  }
}
