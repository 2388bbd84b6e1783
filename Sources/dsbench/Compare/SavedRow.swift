import DSCore
import DSCommandLine
import DSMeasurement
import DSSchedule

/// One thing measured in a saved result file: a kernel on a problem, a layer, or a whole network.
struct SavedRow {
  /// What makes two rows of two files the same thing.
  let name: String
  let microseconds: Double
  /// Medians of the passes, or of as many parts of a series without passes; empty where the file kept no samples.
  let passNanoseconds: [Double]

  /// - Parameter passes: how many of the samples are of each; `nil` where the file does not say.
  private init(name: String, microseconds: Double, samples: [Double] = [], passes: [Int]? = nil) {
    self.name = name
    self.microseconds = microseconds
    let groups =
      passes.flatMap { Passes.groups(samples, sizes: $0) }
      ?? Passes.consecutive(samples: samples.count).map { Array(samples[$0]) }
    passNanoseconds = groups.compactMap { SortedSample($0)?.median }
  }

  /// The rows of a file that `run` or `compare` wrote as JSON, or `compare kernels` as JSON lines.
  static func rows(path: String) throws(CommandFailure) -> [SavedRow] {
    let rows = try values(text(path), path: path).flatMap(rows)
    guard !rows.isEmpty else {
      throw CommandFailure(
        .unreadableInput, "\(path): has no measured rows",
        hint: "write it with dsbench run or dsbench compare kernels and --format json")
    }
    return rows
  }

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
  private static func values(_ text: String, path: String) throws(CommandFailure) -> [JSONValue] {
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

  private static func kernel(_ row: [String: JSONValue]) -> SavedRow? {
    guard case .object(let time)? = row["microseconds"], let median = time["median"]?.double else {
      return nil
    }
    var words = ["problem", "kernel", "parameters", "cache"].compactMap { row[$0]?.word }
    if let threads = row["threads"]?.exactInteger { words.append("x\(threads)") }
    return SavedRow(
      name: words.filter { !$0.isEmpty }.joined(separator: " "), microseconds: median,
      samples: row["samples_ns"]?.doubles ?? [], passes: row["passes"]?.integers)
  }

  /// `run`: the whole network, then its layers. Networks of `compare networks` likewise.
  private static func network(_ object: [String: JSONValue]) -> [SavedRow] {
    if case .array(let networks)? = object["networks"] { return networks.flatMap(rows) }
    guard case .object(let latency)? = object["latency_ms"], let median = latency["median"]?.double
    else { return [] }
    let words = [
      object["model"]?.word, object["width"]?.word, object["resolution"]?.word,
      object["threads"]?.word.map { "x" + $0 },
    ]
    let whole = SavedRow(
      name: words.compactMap { $0 }.joined(separator: " "), microseconds: median * 1000,
      samples: object["samples_ns"]?.doubles ?? [])
    guard case .array(let layers)? = object["layers"] else { return [whole] }
    return [whole]
      + layers.compactMap { layer in
        guard case .object(let members) = layer, let name = members["name"]?.word,
          let time = members["microseconds"]?.double
        else { return nil }
        return SavedRow(name: name, microseconds: time)
      }
  }
}

extension JSONValue {
  /// A value as part of a row's name.
  fileprivate var word: String? {
    switch self {
    case .string(let text): text
    case .integer, .number: text
    case .object(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }
        .joined(separator: " ")
    default: nil
    }
  }

  fileprivate var doubles: [Double]? {
    guard case .array(let elements) = self else { return nil }
    return elements.compactMap(\.double)
  }

  fileprivate var integers: [Int]? {
    guard case .array(let elements) = self else { return nil }
    return elements.compactMap(\.exactInteger)
  }
}
