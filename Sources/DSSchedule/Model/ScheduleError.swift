/// A schedule that cannot be read, written or merged.
public enum ScheduleError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreadable(file: String, reason: String)
  case tooLarge(file: String, limitBytes: Int)
  case empty(file: String)
  case truncated(file: String, line: Int)
  case notJSON(file: String, error: JSONError)
  case notASchedule(file: String)
  case otherVersion(file: String, found: String)
  case missingField(file: String, field: String)
  case wrongField(file: String, field: String, expected: String, found: String)
  case tooManyEntries(file: String, count: Int, limit: Int)
  case duplicateProblem(file: String, problem: String)
  case unwritable(file: String, reason: String)
  case cannotMerge(reason: String)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason)"
    case .tooLarge(let file, let limit):
      "\(file): is larger than \(limit >> 20) MiB, so it is no schedule; check the file name"
    case .empty(let file):
      "\(file): is empty; run dstune again to make the schedule"
    case .truncated(let file, let line):
      "\(file): ends in the middle of line \(line); copy the file again or run dstune again"
    case .notJSON(let file, let error):
      "\(file): is no JSON (\(error)); check the file name or run dstune again"
    case .notASchedule(let file):
      "\(file): is JSON, but no schedule: it has no \"schema\": \"\(SchemaVersion.current)\"; "
        + "check the file name"
    case .otherVersion(let file, let found):
      "\(file): is written in \(found), this version reads dstune.schedule/"
        + "\(SchemaVersion.current.major).x; run dstune again or use the version that wrote it"
    case .missingField(let file, let field):
      "\(file): the field \(field) is missing; run dstune again to make the schedule"
    case .wrongField(let file, let field, let expected, let found):
      "\(file): \(field) is \(found) where \(expected) is needed; correct it or run dstune again"
    case .tooManyEntries(let file, let count, let limit):
      "\(file): has \(count) entries, more than the \(limit) a schedule may have; check the file name"
    case .duplicateProblem(let file, let problem):
      "\(file): has two entries for '\(problem)'; delete one of them"
    case .unwritable(let file, let reason):
      "\(file): cannot be written: \(reason); nothing was changed, choose another place"
    case .cannotMerge(let reason):
      "these schedules cannot be merged: \(reason)"
    }
  }
}
