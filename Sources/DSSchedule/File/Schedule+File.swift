import DSCore

extension Schedule {
  /// Larger files are refused unread: the schedule of a large network has some ten kilobytes.
  public static let maximumFileBytes = 64 << 20
  public static let maximumEntries = 1_000_000

  /// - Throws: `ScheduleError`, one sentence with the file, the place and what to do.
  public static func read(path: String) throws(ScheduleError) -> Schedule {
    let bytes: [UInt8]?
    do { bytes = try AtomicFile.read(path, limitBytes: maximumFileBytes) } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    guard let bytes else { throw .tooLarge(file: path, limitBytes: maximumFileBytes) }
    return try Schedule(data: bytes, file: path)
  }

  /// - Parameter file: The name used in errors.
  public init(
    data: some Sequence<UInt8>, file: String = "schedule"
  ) throws(ScheduleError) {
    let bytes = Array(data)
    guard bytes.contains(where: { $0 > 0x20 }) else { throw .empty(file: file) }
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw error.isTruncation
        ? .truncated(file: file, line: error.line) : .notJSON(file: file, error: error)
    }
    try Self.checkFrame(of: value, file: file)
    do { try self.init(value) } catch {
      throw error.found.map {
        .wrongField(file: file, field: error.path, expected: error.expected, found: $0)
      } ?? .missingField(file: file, field: error.path)
    }
    for (entry, next) in zip(entries, entries.dropFirst()) where entry.problem == next.problem {
      throw .duplicateProblem(file: file, problem: entry.problem)
    }
  }

  /// Checks what must hold before the fields mean anything.
  private static func checkFrame(of value: JSONValue, file: String) throws(ScheduleError) {
    guard case .object(let members) = value, case .string(let text)? = members["schema"],
      text.hasPrefix(SchemaVersion.prefix)
    else { throw .notASchedule(file: file) }
    guard let version = SchemaVersion(text), version.major == SchemaVersion.current.major else {
      throw .otherVersion(file: file, found: text)
    }
    if case .array(let entries)? = members["entries"], entries.count > maximumEntries {
      throw .tooManyEntries(file: file, count: entries.count, limit: maximumEntries)
    }
  }

  /// The file's text: keys sorted, small parts on one line, numbers in their shortest form.
  public var text: String { json.prettyText() }

  /// Writes the file so that it is either the old or the new one, never a part.
  public func write(path: String) throws(ScheduleError) {
    do { try AtomicFile.replace(path, with: Array(text.utf8)) } catch {
      throw .unwritable(file: path, reason: error.reason)
    }
  }
}
