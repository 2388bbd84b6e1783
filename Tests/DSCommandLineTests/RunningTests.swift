import DSCommandLine
import Foundation
import Testing

@Suite("Running")
struct RunningTests {
  struct ForeignError: Error, CustomStringConvertible {
    var description: String { "weights.bin: ends after 12 bytes" }
  }

  private static func command(_ action: @escaping Command.Action) -> Command {
    Command("tool", summary: "A tool", run: action)
  }

  @Test("exit codes are what scripts rely on")
  func codes() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 130])
  }

  @Test("a failure is a sentence and a hint, after the data before it")
  func failure() throws {
    let run = try CapturedRun(
      Self.command { _, console in
        try console.print("data")
        throw CommandFailure(.machineCannot, "no AVX-512\nhere", hint: "use --isa avx2")
      }, [])
    #expect(run.code == .machineCannot)
    #expect(run.output == "data\n")
    #expect(run.talk == "tool: error: no AVX-512\\u{a}here\nhint: use --isa avx2\n")
  }

  @Test("an error from elsewhere is unreadable input")
  func foreignError() throws {
    let run = try CapturedRun(Self.command { _, _ in throw ForeignError() }, [])
    #expect(run.code == .unreadableInput)
    #expect(run.talk == "tool: error: weights.bin: ends after 12 bytes\n")
  }

  @Test("the command's own code is returned", arguments: ExitCode.allCases)
  func ownCode(code: ExitCode) throws {
    #expect(try CapturedRun(Self.command { _, _ in code }, []).code == code)
  }

  @Test("a usage error of the command itself names its help")
  func ownUsageError() throws {
    let run = try CapturedRun(
      Self.command { arguments, _ in throw arguments.usageError("--a excludes --b") }, [])
    #expect(run.code == .usage)
    #expect(run.talk == "tool: error: --a excludes --b\nhint: tool --help says more\n")
  }

  @Test("warnings are talk, not data")
  func warnings() throws {
    let run = try CapturedRun(
      Self.command { _, console in
        console.warning("the machine is busy", hint: "stop what runs beside")
        console.note("on it")
        return .ok
      }, [])
    #expect(run.output.isEmpty)
    #expect(
      run.talk
        == "tool: warning: the machine is busy\nhint: stop what runs beside\non it\n")
  }

  private static func run(writing text: String, to descriptor: Int32) throws -> (ExitCode, String) {
    let talk = try TemporaryFile()
    let console = Console(
      program: "tool", outputDescriptor: descriptor, talkDescriptor: talk.descriptor,
      environment: { _ in nil })
    let command = Self.command { _, console in
      try console.write(text)
      return .ok
    }
    let code = CommandRunner.main(command, version: { "" }, arguments: [], console: console)
    return (code, talk.text)
  }

  private static func text(lines: Int) -> String {
    String(repeating: "0123456789\n", count: lines)
  }

  /// Lines for less and for more than the buffer holds.
  private static let lineCounts = [1, 50_000]

  @Test("a full disk is an error, never silence", arguments: lineCounts)
  func fullDisk(lines: Int) throws {
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    let (code, talk) = try Self.run(writing: Self.text(lines: lines), to: full)
    #expect(code == .machineCannot)
    #expect(talk.hasPrefix("tool: error: cannot write the output: No space left on device\n"))
  }

  @Test("a reader that has gone ends it quietly and well", arguments: lineCounts)
  func closedPipe(lines: Int) throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let (code, talk) = try Self.run(writing: Self.text(lines: lines), to: ends[1])
    #expect(code == .ok)
    #expect(talk.isEmpty)
  }

  @Test("a closed output is an error")
  func closedDescriptor() throws {
    let (code, talk) = try Self.run(writing: "x", to: -1)
    #expect(code == .machineCannot)
    #expect(talk.contains("Bad file descriptor"))
  }

  @Test("every byte arrives, whatever the size")
  func longOutput() throws {
    let file = try TemporaryFile()
    let (code, _) = try Self.run(writing: Self.text(lines: 50_000), to: file.descriptor)
    #expect(code == .ok)
    #expect(file.text == Self.text(lines: 50_000))
  }

  /// Sends a signal to this process and waits for what it does. `raise` would send it to this
  /// thread, and the threads that tests run on block signals.
  private static func receive(_ number: Int32, until isDone: () -> Bool) {
    kill(getpid(), number)
    for _ in 0..<1000 where !isDone() { usleep(10_000) }
  }

  @Test("the words are those that main got")
  func words() {
    #expect(ProgramArguments.words == Array(CommandLine.arguments.dropFirst()))
  }

  @Test("the first signal raises the flag", arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupt(number: Int32) async {
    await #expect(processExitsWith: .exitCode(7)) { [number] in
      InterruptFlag.install()
      guard !InterruptFlag.isRaised else { exit(1) }
      Self.receive(number) { InterruptFlag.isRaised }
      exit(InterruptFlag.isRaised ? 7 : 2)
    }
  }

  @Test("the second signal ends the process at once")
  func secondInterrupt() async {
    await #expect(processExitsWith: .exitCode(130)) {
      InterruptFlag.install()
      Self.receive(SIGINT) { InterruptFlag.isRaised }
      Self.receive(SIGTERM) { false }
    }
  }

  @Test("a terminal that is closed hangs up several times, which is no insistence")
  func hangups() async {
    await #expect(processExitsWith: .exitCode(7)) {
      InterruptFlag.install()
      for number in [SIGHUP, SIGHUP, SIGTERM, SIGHUP] {
        Self.receive(number) { InterruptFlag.isRaised }
      }
      usleep(100_000)
      exit(InterruptFlag.isRaised ? 7 : 2)
    }
  }

  @Test("an ignored signal stays ignored, as nohup wants it", arguments: [SIGINT, SIGHUP])
  func ignoredSignal(number: Int32) async {
    await #expect(processExitsWith: .exitCode(7)) { [number] in
      signal(number, SIG_IGN)
      InterruptFlag.install()
      kill(getpid(), number)
      kill(getpid(), number)
      guard !InterruptFlag.isRaised else { exit(2) }
      Self.receive(SIGTERM) { InterruptFlag.isRaised }
      exit(7)
    }
  }

  /// The alarm ends what waits for ever.
  @Test("the first signal ends the wait for a reader that does not read")
  func stuckReader() async {
    await #expect(processExitsWith: .exitCode(130)) {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { exit(1) }
      alarm(60)
      InterruptFlag.install()
      let asker = Thread {
        usleep(100_000)
        kill(getpid(), SIGINT)
      }
      asker.start()
      let (code, talk) = try Self.run(writing: Self.text(lines: 50_000), to: ends[1])
      exit(talk.contains("interrupted") ? code.rawValue : 3)
    }
  }
}
