/// A command line that does not fit the flag table, in one sentence for the person who typed it.
public struct UsageError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, without a full stop: "unknown flag '--modle'; did you mean '--model'?"
  public var message: String
  /// The command whose help answers the question: `["dstune", "check"]`.
  public var commandPath: [String]

  public init(_ message: String, commandPath: [String] = []) {
    self.message = message
    self.commandPath = commandPath
  }

  public var description: String { message }

  /// The command to run for help, without its quotes.
  var helpCommand: String { (commandPath + ["--help"]).joined(separator: " ") }
}
