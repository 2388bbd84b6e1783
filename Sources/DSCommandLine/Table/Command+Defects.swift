extension Command {
  /// What is wrong with the table, one sentence each; empty for a sound one. For tests.
  public var defects: [String] {
    descendants().flatMap { path, command in
      command.ownDefects.map { "\(path.joined(separator: " ")): \($0)" }
    }
  }

  private var ownDefects: [String] {
    var found: [String] = []
    found += Self.repeated(flags.map(\.name)).map { "--\($0) is there twice" }
    found += Self.repeated(flags.compactMap(\.short)).map { "-\($0) is there twice" }
    found += Self.repeated(subcommands.map(\.name)).map { "'\($0)' is there twice" }
    found += Self.repeated(positionals.map(\.name)).map { "\($0) is there twice" }
    found += flags.compactMap(\.defect)
    if !subcommands.isEmpty && !positionals.isEmpty {
      found.append("it has positionals and subcommands")
    }
    if subcommands.isEmpty && run == nil { found.append("it does nothing") }
    for (positional, next) in zip(positionals, positionals.dropFirst())
    where positional.arity != .one && (next.arity == .one || positional.maximumCount > 1) {
      found.append("\(next.name) cannot follow \(positional.usage)")
    }
    for text in [summary] + flags.map(\.summary) where text.isEmpty || text.hasSuffix(".") {
      found.append("a summary is empty or ends in a full stop: '\(text)'")
    }
    return found
  }

  private static func repeated<Name: Hashable>(_ names: [Name]) -> [Name] {
    var seen: Set<Name> = []
    return names.filter { !seen.insert($0).inserted }
  }
}

extension Flag {
  fileprivate var defect: String? {
    let isPlainName = name.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
    }
    if name.isEmpty || name.hasPrefix("-") || !isPlainName { return "'\(name)' is no flag name" }
    if short == "-" || short == "=" { return "-\(short ?? " ") is no short flag" }
    if case .choice(let words) = value, words.isEmpty { return "\(spelling) has no choices" }
    guard case .value(let text) = defaultValue else { return nil }
    if isRequired { return "\(spelling) is required and has a default" }
    do {
      _ = try value.parse(text, for: spelling)
      return nil
    } catch {
      return "the default of \(error.message)"
    }
  }
}
