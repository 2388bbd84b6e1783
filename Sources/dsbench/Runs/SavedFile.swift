import DSCommandLine
import DSCommands
import DSCore
import DSSchedule

/// The rows of a result file that `run` or `compare` wrote as JSON or JSON lines, and what they were measured with.
struct SavedFile {
  let path: String
  let rows: [SavedRow]

  init(path: String) throws(CommandFailure) {
    self.path = path
    rows = try Self.values(path).flatMap(Self.rows)
    guard !rows.isEmpty else {
      throw CommandFailure(
        .unreadableInput, "\(path): has no measured rows",
        hint: "write it with dsbench run or dsbench compare kernels and --format json")
    }
  }

  /// What the rows say of a field, each value once; `nil` where a row says nothing.
  func values(of field: String) -> Set<String>? {
    let values = rows.compactMap { $0.conditions[field] }
    return values.count == rows.count ? Set(values) : nil
  }

  /// Whether any row says something of a field.
  func knows(_ field: String) -> Bool { rows.contains { $0.conditions[field] != nil } }

  // MARK: - Reading

  private static let limitBytes = 1 << 28

  private static func text(_ path: String) throws(CommandFailure) -> String {
    var reason = "it has more than \(limitBytes >> 20) MiB"
    do {
      if let bytes = try AtomicFile.read(path, limitBytes: limitBytes) {
        return String(decoding: bytes, as: UTF8.self)
      }
    } catch {
      reason = error.reason
    }
    throw CommandFailure(
      .unreadableInput, "\(path): cannot be read: \(reason)",
      hint: "name a file that dsbench wrote as JSON")
  }

  /// The file as one value, or a value a line.
  private static func values(_ path: String) throws(CommandFailure) -> [JSONValue] {
    let text = try text(path)
    do {
      return [try JSONValue(parsing: text.utf8)]
    } catch {
      let lines: [Substring] = text.split(separator: "\n")
      var values: [JSONValue] = []
      for line in lines {
        guard let value = try? JSONValue(parsing: line.utf8) else {
          throw CommandFailure(.unreadableInput, "\(path): is no JSON: \(error.description)")
        }
        values.append(value)
      }
      return values
    }
  }

  private static func rows(_ value: JSONValue) -> [SavedRow] {
    switch value {
    case .array(let elements): elements.flatMap(rows)
    case .object(let members) where members["kernel"] != nil: kernel(members).map { [$0] } ?? []
    case .object(let members): network(members)
    default: []
    }
  }

  private static func kernel(_ record: [String: JSONValue]) -> SavedRow? {
    guard case .object(let time)? = record["microseconds"], let median = time["median"] else {
      return nil
    }
    func words(_ names: [String]) -> String {
      names.compactMap { record[$0]?.word }.filter { !$0.isEmpty }.joined(separator: " ")
    }
    let threads = record["threads"]?.word.map { " x" + $0 } ?? ""
    var row = SavedRow(
      name: words(["problem", "kernel", "parameters", "cache"]) + threads,
      // Without the type, which is a condition.
      key: [
        words(["problem"]).split(separator: " ").dropLast().joined(separator: " "),
        words(["kernel"]).split(separator: "-").dropFirst().joined(separator: "-"),
        words(["parameters"]),
      ].joined(separator: " "), microseconds: median.double,
      samples: record["samples_ns"]?.doubles ?? [], passes: record["passes"]?.integers)
    row.conditions = conditions(record, ComparedField.ofContext + ComparedField.ofKernel)
    return row
  }

  /// `run`: the whole network, then its layers. Networks of `compare networks` likewise, which have the context of all.
  private static func network(_ record: [String: JSONValue]) -> [SavedRow] {
    if case .array(let networks)? = record["networks"] {
      return networks.flatMap { network in
        guard case .object(var members) = network else { return [SavedRow]() }
        members["context"] = members["context"] ?? record["context"]
        return self.network(members)
      }
    }
    guard case .object(let latency)? = record["latency_ms"], let median = latency["median"],
      record["model"] != nil
    else { return [] }
    let words = [
      record["model"]?.word, record["width"]?.word, record["resolution"]?.word,
      record["threads"]?.word.map { "x" + $0 },
    ]
    var whole = SavedRow(
      name: words.compactMap { $0 }.joined(separator: " "), key: "network",
      microseconds: median.double.map { $0 * 1000 },
      samples: record["samples_ns"]?.doubles ?? [], passes: record["passes"]?.integers)
    whole.conditions = conditions(record, ComparedField.ofContext + ComparedField.ofNetwork)
    whole.peakGigaflops = record["peak_gflops"]?.double
    guard case .array(let layers)? = record["layers"] else { return [whole] }
    return [whole]
      + layers.compactMap { layer in
        guard case .object(let members) = layer, let name = members["name"]?.word,
          let time = members["microseconds"]?.double
        else { return nil }
        var row = SavedRow(name: name, key: "layer \(name)", microseconds: time)
        row.conditions = whole.conditions
        row.isOfUndecided = whole.isUndecided
        return row
      }
  }

  private static func conditions(
    _ record: [String: JSONValue], _ fields: [ComparedField]
  ) -> [String: String] {
    (fields + [ComparedField.host]).reduce(into: [:]) { $0[$1.name] = $1.value(record) }
  }
}

extension JSONValue {
  fileprivate var doubles: [Double]? {
    guard case .array(let elements) = self else { return nil }
    return elements.compactMap(\.double)
  }

  fileprivate var integers: [Int]? {
    guard case .array(let elements) = self else { return nil }
    return elements.compactMap(\.exactInteger)
  }
}
