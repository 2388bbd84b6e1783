import DSCore
import Glibc

/// Runs a program from its words to its exit code.
public enum CommandRunner {
  /// Reads the words, does what they say, prints whatever went wrong, and returns the exit code.
  ///
  ///     exit(CommandRunner.main(dstune, version: { versionText }).rawValue)
  ///
  /// A reader that goes away (`| head`) ends the command quietly and well. Whatever a signal did not let come to its end is
  /// an interrupt.
  ///
  /// - Parameters:
  ///   - console: for tests; normally the process's own output, styled as `--color` says.
  ///   - before: what must hold before anything is read; what it throws ends the program.
  ///   - exitCode: of an error of a type that is none of this module's; its description is the sentence. Otherwise unreadable
  ///     input.
  public static func main(
    _ command: Command, version: @escaping @Sendable () -> String,
    arguments words: [String] = ProgramArguments.words,
    console: Console? = nil, before: () throws -> Void = {},
    exitCode: (any Error) -> ExitCode = { _ in .unreadableInput }
  ) -> ExitCode {
    // A closed pipe then is an error of write, which can be told from a full disk.
    signal(SIGPIPE, SIG_IGN)
    let program = Program(command, version: version)
    var active = console ?? Console(program: command.name)
    do {
      try before()
      let outcome = try CommandLineParser.parse(words, root: program.root)
      if case .run(_, let arguments) = outcome, console == nil {
        active = Console(program: command.name, color: arguments.colorChoice)
      }
      let code = try perform(outcome, of: program, console: active)
      try active.flush()
      return code
    } catch {
      return conclude(error, console: active, exitCode: exitCode)
    }
  }

  private static func perform(
    _ outcome: CommandLineParser.Outcome, of program: Program, console: Console
  ) throws -> ExitCode {
    switch outcome {
    case .run(let command, let arguments):
      return try command.run?(arguments, console) ?? .ok
    case .help(let command, let path, let isLong):
      try console.write(HelpPage(command, path: path).text(isLong: isLong, for: console.terminal))
    case .version:
      try console.print(program.version())
    case .generate(let form):
      try console.write(GeneratedDocument(rawValue: form)?.text(for: program) ?? "")
    }
    return .ok
  }

  /// Prints an error and says how the program ends.
  private static func conclude(
    _ error: any Error, console: Console, exitCode: (any Error) -> ExitCode
  ) -> ExitCode {
    let code = report(error, console: console, exitCode: exitCode)
    return Interruption.hasEndedWait ? .interrupted : code
  }

  private static func report(
    _ error: any Error, console: Console, exitCode: (any Error) -> ExitCode
  ) -> ExitCode {
    // Data that came before the error still counts; the error in hand is the one to report.
    if !(error is OutputFailure) { try? console.flush() }
    switch error {
    case OutputFailure.readerGone:
      return InterruptFlag.isRaised ? .interrupted : .ok
    case let error as OutputFailure:
      console.error(error.description, hint: "make room, or send the output somewhere else")
      return .machineCannot
    case let error as UsageError:
      console.error(error.message, hint: "\(error.helpCommand) says more")
      return .usage
    case let error as CommandFailure:
      console.error(error.message, hint: error.hint)
      return error.code
    default:
      console.error("\(error)")
      return exitCode(error)
    }
  }
}

extension Arguments {
  fileprivate var colorChoice: Terminal.ColorChoice {
    string(Program.colorFlag.name).flatMap(Terminal.ColorChoice.init) ?? .auto
  }
}
