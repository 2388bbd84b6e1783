/// A value that has passed its kind's grammar and range.
enum ParsedValue: Sendable, Equatable {
  case present
  case text(String)
  case integer(Int)
  case number(Double)
  case integers([Int])
  case texts([String])
}

extension ValueKind {
  /// The most numbers a list such as `1-4` may expand to.
  static let longestList = 4096

  /// Reads a value. `name` is what the message calls the flag or positional it belongs to.
  func parse(_ text: String, for name: String) throws(UsageError) -> ParsedValue {
    guard self != .none else { throw UsageError("\(name) takes no value, not \(quoted(text))") }
    guard !text.isEmpty else {
      throw UsageError("\(name) takes \(expectation), not an empty value")
    }
    guard let value = read(text) else {
      var message = "\(name) takes \(expectation), not \(quoted(text))"
      if case .choice(let words) = self { message += Spelling.question(text, among: words) }
      if case .duration = self, let number = Self.decimal(text), number >= 0 {
        message += "; add its unit, as in \(text)s"
      }
      throw UsageError(message)
    }
    return value
  }

  private func read(_ text: String) -> ParsedValue? {
    switch self {
    case .none: nil
    case .string, .path: .text(text)
    case .integer(let range):
      Int(text).flatMap { range.contains($0) ? .integer($0) : nil }
    case .number(let range):
      Self.decimal(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .choice(let words): words.contains(text) ? .text(text) : nil
    case .duration(let range):
      Self.seconds(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .integers(let range): Self.integers(text, in: range).map { .integers($0) }
    case .strings: Self.words(text).map { .texts($0) }
    }
  }

  /// A finite number in decimal notation; no `nan`, `inf` or hexadecimal.
  private static func decimal(_ text: some StringProtocol) -> Double? {
    guard text.utf8.allSatisfy({ Array("0123456789.+-eE".utf8).contains($0) }) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private static let secondsPerUnit: [(suffix: String, seconds: Double)] = [
    ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("min", 60), ("s", 1), ("m", 60), ("h", 3600),
  ]

  private static func seconds(_ text: String) -> Double? {
    guard let unit = secondsPerUnit.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let value = decimal(text.dropLast(unit.suffix.count)).map { $0 * unit.seconds }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  private static func words(_ text: String) -> [String]? {
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return words.contains("") ? nil : words
  }

  /// Numbers and progressions, in the order given, each number once.
  private static func integers(_ text: String, in range: ClosedRange<Int>) -> [Int]? {
    var numbers: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let progression = progression(part, in: range) else { return nil }
      for number in progression where !numbers.contains(number) { numbers.append(number) }
      guard numbers.count <= longestList else { return nil }
    }
    return numbers
  }

  /// `4`, `1-4`, `1-9+2` or `1-64*2`, within the range.
  private static func progression(_ text: Substring, in range: ClosedRange<Int>) -> [Int]? {
    if let number = Int(text) { return range.contains(number) ? [number] : nil }
    guard let dash = text.dropFirst().firstIndex(of: "-"), let first = Int(text[..<dash]) else {
      return nil
    }
    let rest = text[text.index(after: dash)...]
    let mark = rest.firstIndex { $0 == "+" || $0 == "*" } ?? rest.endIndex
    guard let last = Int(rest[..<mark]), first <= last, range.contains(first), range.contains(last)
    else { return nil }
    let isGeometric = mark < rest.endIndex && rest[mark] == "*"
    let step = mark < rest.endIndex ? Int(rest[rest.index(after: mark)...]) : 1
    guard let step, step > 0, !isGeometric || (step > 1 && first > 0) else { return nil }
    var numbers = [first]
    while let number = numbers.last, numbers.count <= longestList {
      let (next, overflows) =
        isGeometric
        ? number.multipliedReportingOverflow(by: step) : number.addingReportingOverflow(step)
      if overflows || next > last { return numbers }
      numbers.append(next)
    }
    return nil
  }
}

/// A word from outside as messages show it: in quotes, without control characters, whole as far as a path can be.
public func quoted(_ word: some StringProtocol) -> String {
  let shown = word.printable
  return shown.count <= 4096 ? "'\(shown)'" : "'\(shown.prefix(4093))…'"
}

extension StringProtocol {
  /// The text with control characters spelled out, so that no message can drive a terminal.
  package var printable: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
