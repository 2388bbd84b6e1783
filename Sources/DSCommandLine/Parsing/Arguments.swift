/// What a command line said, checked against the table of the command it names.
///
/// Asking for a name that is not in the table, or as another type than the table gives it, is a
/// programmer's mistake and stops the program.
public struct Arguments: Sendable {
  /// The command and its parents: `["dsbench", "compare", "kernels"]`.
  public let commandPath: [String]
  /// Every positional word in order.
  public let positionals: [String]

  private let flags: [String: ValueKind]
  private let given: [String: (value: ParsedValue, count: Int)]
  private let defaults: [String: ParsedValue]
  private let slots: [String: Range<Int>]

  init(
    command: Command, path: [String], given: [String: (value: ParsedValue, count: Int)],
    positionals: [String]
  ) throws(UsageError) {
    commandPath = path
    self.given = given
    self.positionals = positionals
    var flags: [String: ValueKind] = [:]
    var defaults: [String: ParsedValue] = [:]
    for flag in command.flags {
      flags[flag.name] = flag.value
      if case .value(let text) = flag.defaultValue {
        defaults[flag.name] = try flag.value.parse(text, for: flag.spelling)
      }
    }
    self.flags = flags
    self.defaults = defaults
    var slots: [String: Range<Int>] = [:]
    var start = 0
    for positional in command.positionals {
      let end = min(positionals.count, start + min(positional.maximumCount, positionals.count))
      slots[positional.name] = start..<end
      start = end
    }
    self.slots = slots
  }

  // MARK: - Flags

  /// Whether the flag is on the command line, with a value or without.
  public func flag(_ name: String) -> Bool {
    _ = kind(of: name)
    return given[name] != nil
  }

  /// How often the flag is on the command line: 2 for `-vv`.
  public func count(_ name: String) -> Int {
    _ = kind(of: name)
    return given[name]?.count ?? 0
  }

  /// The text of a `string`, `choice` or `path` flag, or its default.
  public func string(_ name: String) -> String? {
    guard let value = value(of: name) else { return nil }
    guard case .text(let text) = value else { mistake(name, "text") }
    return text
  }

  public func integer(_ name: String) -> Int? {
    guard let value = value(of: name) else { return nil }
    guard case .integer(let integer) = value else { mistake(name, "an integer") }
    return integer
  }

  public func number(_ name: String) -> Double? {
    guard let value = value(of: name) else { return nil }
    guard case .number = kind(of: name), case .number(let number) = value else {
      mistake(name, "a number")
    }
    return number
  }

  /// The length of a `duration` flag.
  public func seconds(_ name: String) -> Double? {
    guard let value = value(of: name) else { return nil }
    guard case .duration = kind(of: name), case .number(let seconds) = value else {
      mistake(name, "a duration")
    }
    return seconds
  }

  public func integers(_ name: String) -> [Int]? {
    guard let value = value(of: name) else { return nil }
    guard case .integers(let integers) = value else { mistake(name, "integers") }
    return integers
  }

  public func strings(_ name: String) -> [String]? {
    guard let value = value(of: name) else { return nil }
    guard case .texts(let texts) = value else { mistake(name, "words") }
    return texts
  }

  // MARK: - Positionals

  /// The word of a positional that takes at most one.
  public func positional(_ name: String) -> String? { positionals(name).first }

  /// The words of a positional that takes many.
  public func positionals(_ name: String) -> [String] {
    guard let slot = slots[name] else {
      preconditionFailure("\(commandPath.joined(separator: " ")) has no positional \(name)")
    }
    return Array(positionals[slot])
  }

  /// The files that the command line names, but for that of one flag.
  ///
  /// - Parameter names: of further flags whose text may be a path.
  public func paths(besides output: String, and names: Set<String> = []) -> [String] {
    let texts = given.compactMap { name, given -> String? in
      guard name != output, case .text(let text) = given.value else { return nil }
      if case .path = flags[name] { return text }
      return names.contains(name) ? text : nil
    }
    return texts + positionals
  }

  // MARK: - Errors

  /// An error of usage that only the command can see, such as two flags that exclude each other.
  public func usageError(_ message: String) -> UsageError {
    UsageError(message, commandPath: commandPath)
  }

  private func value(of name: String) -> ParsedValue? {
    _ = kind(of: name)
    return given[name]?.value ?? defaults[name]
  }

  private func kind(of name: String) -> ValueKind {
    guard let kind = flags[name] else {
      preconditionFailure("\(commandPath.joined(separator: " ")) has no flag --\(name)")
    }
    return kind
  }

  private func mistake(_ name: String, _ type: String) -> Never {
    preconditionFailure("--\(name) takes \(kind(of: name).expectation), asked for as \(type)")
  }
}
