/// How a command ended, as the shell sees it. Documented in every program's help and man page.
public enum ExitCode: Int32, Sendable, CaseIterable {
  case ok = 0
  /// It ran, and the answer is no.
  case negative = 1
  case usage = 2
  case unreadableInput = 3
  case machineCannot = 4
  case interrupted = 130

  /// One line for the man page.
  var meaning: String {
    switch self {
    case .ok: "success, also where the reader of the output went away"
    case .negative: "it ran, and the answer is negative"
    case .usage: "the command line is wrong"
    case .unreadableInput: "an input cannot be read or makes no sense"
    case .machineCannot: "this machine cannot do it"
    case .interrupted: "interrupted, with nothing lost"
    }
  }
}
