import DSCommandLine
import Testing

@Suite("Parsing")
struct ParsingTests {
  private static func lines(_ words: [String]) throws -> [String] {
    let run = try CapturedRun(SampleProgram.root, words)
    try #require(run.code == .ok, "\(run.talk)")
    return run.output.split(separator: "\n").map(String.init)
  }

  @Test(
    "every way to write a value",
    arguments: [
      (["--threads", "2"], "threads: 2"), (["--threads=2"], "threads: 2"),
      (["-t", "2"], "threads: 2"), (["-t2"], "threads: 2"), (["-t=2"], "threads: 2"),
      (["-vt2"], "threads: 2"), (["--threads", "2", "-t", "3"], "threads: 3"),
      (["--bias", "-3"], "bias: -3"), (["--bias=-3"], "bias: -3"), (["--bias", "+3"], "bias: 3"),
      (["--width", "0.25"], "width: 0.25"), (["--width", "5e-1"], "width: 0.5"),
      (["--time", "500ms"], "time: 0.5"), (["--time", "2m"], "time: 120.0"),
      (["--time", "1.5h"], "time: 5400.0"), (["--time", "3min"], "time: 180.0"),
      (["--output", "-"], "output: -"), (["--output=--odd"], "output: --odd"),
      (["--output=a=b"], "output: a=b"), (["--model", "-1"], "model: -1"),
      (["-v", "-v"], "verbose: 2"), (["-vv"], "verbose: 2"), (["--resume"], "resume: true"),
    ])
  func values(words: [String], line: String) throws {
    let result = try Self.lines(["--model", "tiny"] + words)
    #expect(result.contains(line), "\(result)")
  }

  @Test("defaults hold where nothing is given")
  func defaults() throws {
    let result = try Self.lines(["-m", "tiny"])
    for line in [
      "width: 1.0", "time: 60.0", "effort: measure", "threads: -1", "resume: false", "verbose: 0",
    ] {
      #expect(result.contains(line))
    }
  }

  @Test(
    "lists and progressions",
    arguments: [
      ("1,2,4", "[1, 2, 4]"), ("1-4", "[1, 2, 3, 4]"), ("1-9+4", "[1, 5, 9]"),
      ("1-64*4", "[1, 4, 16, 64]"), ("2,1-3", "[2, 1, 3]"), ("7", "[7]"), ("3-3", "[3]"),
    ])
  func lists(text: String, numbers: String) throws {
    let result = try Self.lines(["compare", "kernels", "--threads", text])
    #expect(result.contains("threads: \(numbers)"))
  }

  @Test("words after the command, and after --")
  func words() throws {
    let result = try Self.lines(["check", "a.json", "b", "--threads", "2", "--", "--strict", "-x"])
    #expect(result.contains("command: sample check"))
    #expect(result.contains("file: a.json"))
    #expect(result.contains(#"rest: ["b", "--strict", "-x"]"#))
  }

  @Test("a flag before the subcommand holds for it where it has the flag too")
  func carriedFlags() throws {
    #expect(try Self.lines(["--threads", "3", "check", "f"]).contains("threads: 3"))
    let run = try CapturedRun(SampleProgram.root, ["--model", "tiny", "check", "f"])
    #expect(run.code == .usage)
    #expect(run.talk.contains("--model is a flag of sample, not of sample check"))
  }

  @Test("kernel names with commas between")
  func strings() throws {
    let result = try Self.lines(["compare", "kernels", "--kernels", "a,b"])
    #expect(result.contains(#"kernels: ["a", "b"]"#))
  }

  private static let mistakes: [(words: [String], sentence: String)] = [
    ([], "--model NAME is missing: some text"),
    (["--modle", "x"], "unknown flag '--modle'; did you mean '--model'?"),
    (["--qqqqqq"], "unknown flag '--qqqqqq'"),
    (["-model", "x"], "'x'"),
    (["-q"], "unknown flag '-q'"),
    (["-threads", "2"], "-t takes a whole number from 1 to 4096, not 'hreads'"),
    (["--model"], "--model needs a value: it takes some text"),
    (["--model="], "--model takes some text, not an empty value"),
    (["--model", ""], "--model takes some text, not an empty value"),
    (
      ["--model", "--threads", "2"],
      "--model needs a value, and '--threads' reads like a flag; write --model=--threads"
    ),
    (["--resume=yes"], "--resume takes no value, not 'yes'"),
    (["-v=1"], "-v takes no value, not '1'"),
    (["--threads", "0"], "--threads takes a whole number from 1 to 4096, not '0'"),
    (["--threads", "-1"], "--threads takes a whole number from 1 to 4096, not '-1'"),
    (["--threads", "1e9"], "--threads takes a whole number from 1 to 4096, not '1e9'"),
    (["--threads", "99999999999999999999"], "not '99999999999999999999'"),
    (["--threads", "2.5"], "not '2.5'"),
    (["--width", "0"], "--width takes a number above 0 and up to 2, not '0'"),
    (["--width", "nan"], "--width takes a number above 0 and up to 2, not 'nan'"),
    (["--width", "inf"], "not 'inf'"), (["--width", "1e9"], "not '1e9'"),
    (["--width", "1e999"], "not '1e999'"), (["--width", "0x1p-1"], "not '0x1p-1'"),
    (["--width", "1,5"], "not '1,5'"), (["--width", " 1"], "not ' 1'"),
    (["--time", "60"], "up to 86400s, not '60'; add its unit, as in 60s"),
    (["--time", "-1s"], "not '-1s'"), (["--time", "2d"], "not '2d'"),
    (["--time", "1e308h"], "not '1e308h'"), (["--time", "s"], "not 's'"),
    (
      ["--effort", "pateint"],
      "--effort takes estimate, measure, patient, exhaustive or heroic, not 'pateint'; "
        + "did you mean 'patient'?"
    ),
    (
      ["chek"],
      "no command 'chek' (it has check, compare, help and generate); did you mean 'check'?"
    ),
    (["frobnicate"], "it has check, compare, help and generate"),
    (["compare"], "sample compare needs a command: kernels or runs"),
    (["compare", "kernels", "x"], "'x' is one word too many for sample compare kernels"),
    (["compare", "runs", "--kernels", "x"], "sample compare runs has no flag --kernels; "),
    (["check"], "FILE is missing: the file to check"),
    (["check", ""], "FILE takes a path, not an empty value"),
    (["--", "check"], "'check' is one word too many for sample"),
    (["generate", "fihs"], "FORM takes man, bash, zsh or fish, not 'fihs'; did you mean 'fish'?"),
    (["help", "compare", "kernel"], "did you mean 'kernels'?"),
    (["--model", "a\u{1B}[2Jb", "\u{7}"], "sample has no command '\\u{7}'"),
  ]

  @Test("what is wrong is said in one line, with what to do", arguments: mistakes)
  func mistake(words: [String], sentence: String) throws {
    let run = try CapturedRun(SampleProgram.root, words)
    #expect(run.code == .usage)
    #expect(run.output.isEmpty)
    let lines = run.talk.split(separator: "\n")
    try #require(lines.count == 2, "\(run.talk)")
    #expect(lines[0].hasPrefix("sample: error: "))
    #expect(lines[0].contains(sentence), "\(lines[0])")
    #expect(lines[1].hasPrefix("hint: sample") && lines[1].hasSuffix("--help says more"))
  }

  @Test(
    "hostile lists are refused at once",
    arguments: [
      "", "0", "65", "1-65", "4-1", "1-", "-", "1--2", "1-4+0", "1-4*1", "1-4*", "1,,2", "1,", "a",
      "1-9223372036854775807", "1-64+9223372036854775807x", "1e1",
    ])
  func badLists(text: String) throws {
    let run = try CapturedRun(SampleProgram.root, ["compare", "kernels", "--threads=\(text)"])
    #expect(run.code == .usage, "\(run.output)")
  }

  @Test("a progression that overflows ends where it has to")
  func overflow() throws {
    let wide = Command(
      "wide", summary: "Wide",
      flags: [
        Flag("n", value: .integers(1...Int.max), summary: "Numbers")
      ],
      run: { arguments, console in
        try console.print("\(arguments.integers("n")?.count ?? 0)")
        return .ok
      })
    let doubling = try CapturedRun(wide, ["--n", "1-9223372036854775807*2"])
    #expect(doubling.output == "63\n")
    #expect(try CapturedRun(wide, ["--n", "1-9223372036854775807"]).code == .usage)
  }

  @Test("the nearest word is suggested, and none where none is near")
  func suggestions() {
    let words = ["model", "threads", "time"]
    #expect(Spelling.suggestion(for: "modle", among: words) == "model")
    #expect(Spelling.suggestion(for: "thread", among: words) == "threads")
    #expect(Spelling.suggestion(for: "thr", among: words) == "threads")
    #expect(Spelling.suggestion(for: "xyz", among: words) == nil)
    #expect(Spelling.suggestion(for: "", among: words) == nil)
    #expect(Spelling.editDistance(Array("ab"), Array("ba")) == 1)
    #expect(Spelling.editDistance(Array("kitten"), Array("sitting")) == 3)
    #expect(Spelling.editDistance([], Array("abc")) == 3)
  }

  @Test("a sound table has no defects, and each unsound one is named")
  func defects() {
    #expect(Program(SampleProgram.root, version: { "" }).root.defects == [])
    #expect(Program(SampleProgram.reader, version: { "" }).root.defects == [])
    let broken = Command(
      "broken", summary: "Ends in a full stop.",
      flags: [
        Flag("a", short: "a", summary: "One"), Flag("a", short: "a", summary: "Two"),
        Flag("Bad Name", summary: "Three"),
        Flag("time", value: .duration(0...60), summary: "Four", default: .value("2m")),
      ],
      positionals: [Positional("X", summary: "x")],
      subcommands: [Command("idle", summary: "Idle")])
    let found = broken.defects.joined(separator: "\n")
    for part in [
      "--a is there twice", "-a is there twice", "'Bad Name' is no flag name", "the default of",
      "positionals and subcommands", "broken idle: it does nothing", "full stop",
    ] {
      #expect(found.contains(part), "\(found)")
    }
  }
}
