/// Why a journal cannot be continued or written.
public enum JournalError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case notAJournal(path: String)
  case damaged(path: String, line: Int)
  case busy(path: String)
  case foreign(path: String, field: String, journal: String, here: String)
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .notAJournal(let path):
      "\(path): is no journal of trials; choose another file with --journal"
    case .damaged(let path, let line):
      "\(path): line \(line) is damaged and more trials follow it, which continuing would lose; "
        + "mend or remove the line, or choose another --journal"
    case .busy(let path):
      "\(path): another dstune is writing it; wait for its end or choose another --journal"
    case .foreign(let path, let field, let journal, let here):
      "\(path): belongs to another run: its \(field) is \(journal) and this run's is \(here); "
        + "run without --resume or choose another --journal"
    case .unwritable(let path, let reason):
      "\(path): cannot be written: \(reason)"
    }
  }
}
