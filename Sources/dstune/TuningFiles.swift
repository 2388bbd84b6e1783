import DSCommandLine
import DSCommands
import DSCore
import DSSchedule
import DSTuning

/// What a tuning writes: the schedule, the journal beside it, and beside a schedule that knows more than the new one a
/// partial one.
struct TuningFiles {
  let output: String
  let journal: String

  private static let ending = ".schedule.json"

  /// - Parameter journal: where it is named; otherwise it is named after the output.
  init(output: String, journal: String?) {
    self.output = output
    self.journal = journal ?? Self.journal(besides: output)
  }

  /// The journal of a schedule's trials.
  static func journal(besides schedule: String) -> String {
    FileName.derived(from: stem(of: schedule), suffix: ".trials.jsonl")
  }

  private static func stem(of output: String) -> String {
    output.hasSuffix(ending) ? String(output.dropLast(ending.count)) : output
  }

  private func partial(_ number: Int) -> String {
    let word = ".partial" + (number == 1 ? "" : "\(number)")
    return FileName.derived(from: Self.stem(of: output), suffix: word + Self.ending)
  }

  // MARK: - Before the work

  /// A path that two of them would have; `nil` where all are different.
  var doubleUse: String? {
    let journals = [journal, Journal.keptPath(for: journal)].map { AtomicPath($0) }
    let schedules = [output, partial(1)].map { AtomicPath($0) }
    return schedules.first { schedule in journals.contains { $0.isSame(as: schedule) } }?.path
  }

  /// Finds out that all of them can be written, and that nothing else is lost by it.
  ///
  /// - Parameter timesTrials: whether there will be a journal.
  func check(timesTrials: Bool, isResuming: Bool) throws(CommandFailure) {
    try ScheduleFile.checkReplaceable(output)
    if let earlier = Self.schedule(at: output), earlier.isTimed {
      try ScheduleFile.checkReplaceable(partial(1))
    }
    if timesTrials { try checkJournal(isResuming: isResuming) }
  }

  private func checkJournal(isResuming: Bool) throws(CommandFailure) {
    let place = AtomicPath(journal, flag: "--journal")
    let isContinued = isResuming && Journal.exists(path: journal)
    if !isContinued {
      try place.checkReplaceable(kind: "journal") { Journal.isJournal(path: $0) }
    }
    guard isContinued || place.holdsData else { return }
    do throws(JournalError) {
      try Journal.expectFree(path: journal)
    } catch {
      throw CommandFailure(error)
    }
  }

  // MARK: - After it

  /// Where the result goes. A run that was stopped, or predicts only, must not replace a schedule that knows more.
  ///
  /// - Returns: the path, and where that is not the output's, what keeps that.
  func place(for result: TuningResult) -> (path: String, reasonToKeep: String?) {
    guard result.confirmation == nil, let reason = Self.reasonToKeep(output, against: result) else {
      return (output, nil)
    }
    var number = 1
    while Self.reasonToKeep(partial(number), against: result) != nil { number += 1 }
    return (partial(number), reason)
  }

  private static func reasonToKeep(_ path: String, against result: TuningResult) -> String? {
    guard AtomicPath(path).holdsData else { return nil }
    guard let earlier = schedule(at: path) else { return "it is no schedule" }
    if earlier.networkResult != nil {
      return "it was timed in the whole network and this one was not"
    }
    let (known, found) = (earlier.timedEntryCount, result.schedule.timedEntryCount)
    return known > found ? "\(known) of its entries were timed, and \(found) of this one's" : nil
  }

  /// Of an ordinary file alone: a pipe would be read to its end, which may never come.
  private static func schedule(at path: String) -> Schedule? {
    AtomicPath(path).holdsData ? try? Schedule.read(path: path) : nil
  }
}

extension CommandFailure {
  /// What stands in a journal is input; that it cannot be written is the machine's fault.
  init(_ error: JournalError) {
    let isOutput =
      switch error {
      case .unwritable, .busy: true
      case .unreadable, .notAJournal, .damaged, .foreign: false
      }
    self.init(isOutput ? .machineCannot : .unreadableInput, error.description)
  }
}

extension Schedule {
  fileprivate var timedEntryCount: Int { entries.count { $0.microseconds.samples > 0 } }
  fileprivate var isTimed: Bool { networkResult != nil || timedEntryCount > 0 }
}
