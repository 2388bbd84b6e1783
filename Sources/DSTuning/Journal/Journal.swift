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

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Begins a new journal. It is there with its header or not at all, whenever the process dies.
  ///
  /// - Throws: `JournalError.exists` if the file is there, unless `replacing`.
  public static func create(
    path: String, header: JournalHeader, replacing: Bool
  ) throws(JournalError) -> Journal {
    if !replacing && access(path, F_OK) == 0 { throw .exists(path: path) }
    do {
      try AtomicFile.replace(path, with: Array((header.json.text + "\n").utf8))
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
    let descriptor = open(path, O_WRONLY | O_APPEND)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    return Journal(path: path, descriptor: descriptor)
  }

  public static func exists(path: String) -> Bool { access(path, F_OK) == 0 }

  /// Opens a journal to continue it.
  ///
  /// - Throws: `JournalError.foreign`, naming the first field of the header that differs.
  public static func resume(
    path: String, header: JournalHeader
  ) throws(JournalError) -> (journal: Journal, header: JournalHeader, trials: RecordedTrials) {
    let (recorded, trials, validBytes) = try read(path: path)
    if let difference = recorded.difference(from: header) {
      throw .foreign(
        path: path, field: difference.field, journal: difference.here, here: difference.there)
    }
    let descriptor = open(path, O_WRONLY | O_APPEND)
    // A torn last line is cut off, so that the next line does not grow onto it.
    guard descriptor >= 0, ftruncate(descriptor, off_t(validBytes)) == 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    return (Journal(path: path, descriptor: descriptor), recorded, trials)
  }

  /// Reads all complete lines.
  public static func read(
    path: String
  ) throws(JournalError) -> (header: JournalHeader, trials: RecordedTrials, validBytes: Int) {
    guard let file = fopen(path, "r") else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    var header: JournalHeader?
    var trials = RecordedTrials()
    var position = 0
    while let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let record = try? JSONValue(parsing: bytes[position..<end]) else { break }
      if position == 0 {
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

  func append(_ record: JSONValue) {
    guard failure == nil else { return }
    var bytes = Array((record.text + "\n").utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 {
        failure = .unwritable(path: path, reason: String(cString: strerror(errno)))
        return
      }
      bytes = bytes.dropFirst(written)
    }
  }

  /// Makes sure that everything so far survives a crash of the machine.
  func synchronize() { fsync(descriptor) }

  func append(noise ratio: Double) { append(.object(["noise": .number(ratio)])) }

  func append(race: String, candidates: [String], iterations: Int, invalid: [String]) {
    append(
      .object([
        "race": .string(race), "candidates": .array(candidates.map(JSONValue.string)),
        "iterations": .integer(iterations), "invalid": .array(invalid.map(JSONValue.string)),
      ]))
  }

  func append(race: String, round: [BlockRecord]) {
    append(.object(["race": .string(race), "blocks": .array(round.map(\.journal))]))
  }

  func append(finished race: String) {
    append(.object(["race": .string(race), "finished": .bool(true)]))
    synchronize()
  }
}
