import DSCommandLine
import FuzzHarness

extension FuzzedReader {
  /// A command line, a word a line.
  static let words = FuzzedReader("words", mostBytes: 128) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    let words = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    do throws(UsageError) {
      guard case .run(let command, let arguments) = try CommandLineParser.parse(words, root: root)
      else { return }
      for flag in command.flags { look(at: flag, in: arguments) }
      for positional in command.positionals {
        let count = arguments.positionals(positional.name).count
        expect(
          count >= positional.minimumCount && count <= positional.maximumCount,
          "\(count) words for \(positional.name)")
      }
    } catch {
      expectSentence(error)
      expect(error.commandPath.first == root.name, "no command: \(error)")
    }
  }

  private static let root = Program(SampleProgram.root, version: { "" }).root

  /// Values lie in the flag's range.
  private static func look(at flag: Flag, in arguments: Arguments) {
    let name = flag.name
    _ = arguments.count(name)
    switch flag.value {
    case .none: _ = arguments.flag(name)
    case .string, .path: expect(arguments.string(name) != "", "--\(name) is empty")
    case .choice(let words):
      if let word = arguments.string(name) { expect(words.contains(word), "--\(name) is \(word)") }
    case .integer(let range):
      if let value = arguments.integer(name) { expect(range ~= value, "--\(name) is \(value)") }
    case .number(let range):
      if let value = arguments.number(name) { expect(range ~= value, "--\(name) is \(value)") }
    case .duration(let range):
      if let value = arguments.seconds(name) { expect(range ~= value, "--\(name) is \(value)") }
    case .integers(let range):
      let values = arguments.integers(name) ?? []
      expect(values.allSatisfy { range ~= $0 }, "--\(name) is \(values)")
    case .strings: _ = arguments.strings(name)
    }
  }
}
