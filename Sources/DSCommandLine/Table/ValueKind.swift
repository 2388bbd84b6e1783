/// What a flag or a positional takes: the grammar of its text and the values allowed.
public enum ValueKind: Sendable, Equatable {
  /// Nothing: the flag is there or it is not.
  case none
  /// Any text that is not empty.
  case string
  /// A whole number within the range.
  case integer(ClosedRange<Int>)
  /// A finite decimal number within the range.
  case number(ClosedRange<Double>)
  /// One of these words.
  case choice([String])
  /// A length of time with its unit, `500ms`, `60s`, `2m` or `1h`; the range is in seconds.
  case duration(ClosedRange<Double>)
  /// Whole numbers within the range: `1,2`, `1-4`, `1-9+2` (steps of 2), `1-64*2` (doubling).
  case integers(ClosedRange<Int>)
  /// Words with commas between them.
  case strings
  /// A file or folder; `-` is whatever the command makes of it.
  case path
}

extension ValueKind {
  /// What the kind takes, to follow the words "--flag takes".
  var expectation: String {
    switch self {
    case .none: "no value"
    case .string: "some text"
    case .integer(let range): "a whole number \(Self.bounds(range))"
    case .number(let range): "a number \(Self.bounds(range))"
    case .choice(let words): words.listed(before: "or")
    case .duration(let range):
      "a time such as 500ms, 60s or 2m"
        + (range.upperBound == .infinity ? "" : " up to \(Quantity.plain(range.upperBound))s")
    case .integers(let range): "numbers such as 2, 1,2 or 1-4, each \(Self.bounds(range))"
    case .strings: "words with commas between"
    case .path: "a path"
    }
  }

  /// The placeholder shown where the table names none.
  var standardPlaceholder: String {
    switch self {
    case .none: ""
    case .string: "TEXT"
    case .integer, .number: "N"
    case .choice(let words): words.count <= 4 ? words.joined(separator: "|") : "NAME"
    case .duration: "TIME"
    case .integers: "N,…"
    case .strings: "NAME,…"
    case .path: "FILE"
    }
  }

  private static func bounds(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (.min, .max): "of 64 bits"
    case (let lower, .max): "from \(lower) up"
    case (.min, let upper): "up to \(upper)"
    case (let lower, let upper): "from \(lower) to \(upper)"
    }
  }

  private static func bounds(_ range: ClosedRange<Double>) -> String {
    let isOpenAtZero = range.lowerBound == .leastNonzeroMagnitude
    let lower = isOpenAtZero ? "above 0" : "from \(Quantity.plain(range.lowerBound))"
    let upper = Quantity.plain(range.upperBound)
    switch (range.lowerBound.isFinite, range.upperBound.isFinite) {
    case (false, false): return "that is finite"
    case (false, true): return "up to \(upper)"
    case (true, false): return isOpenAtZero ? lower : lower + " up"
    case (true, true): return isOpenAtZero ? "\(lower) and up to \(upper)" : "\(lower) to \(upper)"
    }
  }
}
