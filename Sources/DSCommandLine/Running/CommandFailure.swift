/// Why a command could not do its work: one sentence with what and where, and one with what to do.
public struct CommandFailure: Error, Equatable, CustomStringConvertible {
  public var code: ExitCode
  /// Without a full stop: "schedule.json: made for AVX-512, this CPU has AVX2".
  public var message: String
  /// What to do next: "run dstune --model xception".
  public var hint: String?

  public init(_ code: ExitCode, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { message }
}
