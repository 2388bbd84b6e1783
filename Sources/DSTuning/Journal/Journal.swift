import DSCore
import DSMeasurement
import DSSchedule
import Glibc

/// The append-only file of all trials: a header line, then one line for each thing that happened. A run that
/// dies loses at most the line it was writing.
public final class Journal {
  public let path: String
  private let descriptor: Int32
  /// The first failure to write, reported once at the end: losing the journal must not lose the tuning.
  public private(set) var failure: JournalError?

  /// Where the journal that was there before is now; `nil` where there was none.
  public let earlierPath: String?

  private init(path: String, descriptor: Int32, earlierPath: String? = nil) {
    self.path = path
    self.descriptor = descriptor
    self.earlierPath = earlierPath
  }

  deinit { close(descriptor) }

  /// Begins a new journal. It is there with its header or not at all, whenever the process dies. Hours
  /// of trials are not lost to a forgotten `--resume`: a journal in its place is renamed to `PATH.old`, or
  /// `PATH.old2` and so on where there is one already. Pipes and devices get all lines through one descriptor.
  ///
  /// - Throws: `JournalError.notAJournal` for a file with anything else in it, which stays; `.busy` while another
  ///   process writes it.
  public static func create(path: String, header: JournalHeader) throws(JournalError) -> Journal {
    // Held until the new journal is locked itself.
    if exists(path: path) && !FileTarget.isRegularFile(path) { return try stream(path, header) }
    let earlier = isFilled(path) ? try opened(path) : nil
    var earlierPath: String?
    if earlier != nil {
      try expectJournal(path)
      let old = keptPath(for: path)
      guard rename(path, old) == 0 else {
        throw .unwritable(path: old, reason: String(cString: strerror(errno)))
      }
      earlierPath = old
    }
    do {
      try AtomicFile.replace(path, with: Array((header.json.text + "\n").utf8))
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
    return Journal(
      path: path, descriptor: try lockedDescriptor(path), earlierPath: earlierPath)
  }

  private static func stream(
    _ path: String, _ header: JournalHeader
  ) throws(JournalError) -> Journal {
    do throws(AtomicFile.Failure) {
      let journal = Journal(path: path, descriptor: try AtomicFile.openStream(path))
      try AtomicFile.write(Array((header.json.text + "\n").utf8), to: journal.descriptor)
      return journal
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
  }

  public static func exists(path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether there is a journal, be it damaged, or one of another run.
  package static func isJournal(path: String) -> Bool {
    do {
      try expectJournal(path)
      return true
    } catch {
      return false
    }
  }

  /// Finds out before the work whether a journal can be continued, or replaced, now.
  ///
  /// - Throws: `JournalError.busy` while another process writes it; `.unreadable` for a pipe or a device.
  package static func expectFree(path: String) throws(JournalError) {
    _ = try opened(path)
  }

  /// Where a journal goes that is to make room.
  package static func keptPath(for path: String) -> String {
    var number = 1
    while true {
      let kept = FileName.derived(from: path, suffix: ".old" + (number == 1 ? "" : "\(number)"))
      if !exists(path: kept) { return kept }
      number += 1
    }
  }

  /// Opens a journal to continue it.
  ///
  /// - Throws: `JournalError.foreign`, naming the first field of the header that differs; `.damaged`;
  ///   `.busy` while another process writes it.
  public static func resume(
    path: String, header: JournalHeader
  ) throws(JournalError) -> (journal: Journal, header: JournalHeader, trials: RecordedTrials) {
    let journal = try opened(path)
    let (recorded, trials, validBytes) = try read(path: path)
    if let difference = recorded.difference(from: header) {
      throw .foreign(
        path: path, field: difference.field, journal: difference.here, here: difference.there)
    }
    // A torn last line is cut off, so that the next line does not grow onto it.
    guard ftruncate(journal.descriptor, off_t(validBytes)) == 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    return (journal, recorded, trials)
  }

  // MARK: - Opening

  private static func opened(_ path: String) throws(JournalError) -> Journal {
    guard FileTarget.isRegularFile(path) else {
      throw .unreadable(path: path, reason: "it is no ordinary file")
    }
    return Journal(path: path, descriptor: try lockedDescriptor(path))
  }

  /// Locked as long as it is open, against a second run with the same journal. Where the file system
  /// knows no locks there is none.
  private static func lockedDescriptor(_ path: String) throws(JournalError) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      close(descriptor)
      throw .busy(path: path)
    }
    return descriptor
  }

  /// Whether there is an ordinary file with something in it.
  private static func isFilled(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
  }

  private static func expectJournal(_ path: String) throws(JournalError) {
    do {
      _ = try read(path: path)
    } catch .damaged {
      // Trials all the same; they are only moved.
    }
  }

  // MARK: - Reading

  /// More than any effort writes.
  private static let limitBytes = 1 << 30

  /// Reads all complete lines.
  ///
  /// - Throws: `JournalError.damaged` for a broken line with more lines after it: only the last one can
  ///   be torn by a run that died.
  public static func read(
    path: String
  ) throws(JournalError) -> (header: JournalHeader, trials: RecordedTrials, validBytes: Int) {
    try read(try contents(path), path: path)
  }

  /// Reads the lines of a journal's text; `path` is what errors call it.
  package static func read(
    _ bytes: [UInt8], path: String
  ) throws(JournalError) -> (header: JournalHeader, trials: RecordedTrials, validBytes: Int) {
    var header: JournalHeader?
    var trials = RecordedTrials()
    var (position, line) = (0, 0)
    while let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) {
      line += 1
      guard let record = try? JSONValue(parsing: bytes[position..<end]) else {
        if line > 1 && end + 1 < bytes.count { throw .damaged(path: path, line: line) }
        break
      }
      if line == 1 {
        header = JournalHeader(record)
        guard header != nil else { throw .notAJournal(path: path) }
      } else {
        trials.add(record)
      }
      position = end + 1
    }
    guard let header else { throw .notAJournal(path: path) }
    return (header, trials, position)
  }

  private static func contents(_ path: String) throws(JournalError) -> [UInt8] {
    let bytes: [UInt8]?
    do {
      bytes = try AtomicFile.read(path, limitBytes: limitBytes)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
    guard let bytes else { throw .unreadable(path: path, reason: "it has more than 1 GiB") }
    return bytes
  }

  // MARK: - Writing

  func append(_ record: JSONValue) {
    guard failure == nil else { return }
    do {
      try AtomicFile.write(Array((record.text + "\n").utf8), to: descriptor)
    } catch {
      failure = .unwritable(path: path, reason: error.reason)
    }
  }

  /// Makes sure that everything so far survives a crash of the machine.
  func synchronize() { fsync(descriptor) }

  func append(noise ratio: Double) { append(.object(["noise": .number(ratio)])) }

  func append(barrierNanoseconds: Double) {
    append(.object(["barrier_ns": .number(barrierNanoseconds)]))
  }

  /// The beginning of a race, whose rounds follow.
  func append(race name: String, _ race: RecordedTrials.Race) {
    var record: [String: JSONValue] = [
      "race": .string(name), "candidates": .array(race.candidates.map(JSONValue.string)),
      "invalid": .array(race.invalid.sorted().map(JSONValue.string)),
    ]
    record["iterations"] = race.iterations.map(JSONValue.integer)
    record["floor"] = race.floor.map(JSONValue.number)
    record["seconds"] = race.seconds.map(JSONValue.number)
    append(.object(record))
  }

  func append(race: String, round: [BlockRecord]) {
    append(.object(["race": .string(race), "blocks": .array(round.map(\.journal))]))
  }

  func append(finished race: String) {
    append(.object(["race": .string(race), "finished": .bool(true)]))
    synchronize()
  }
}
