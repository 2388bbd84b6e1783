import DSCommandLine

/// A command line with every kind of flag, word and nesting.
enum SampleProgram {
  static let threads = Flag(
    "threads", short: "t", value: .integer(1...4096), category: "Machine",
    summary: "Use so many threads",
    details: """
      One thread is bound to each core. A core with two hardware threads gets one of them.

      More threads than cores are refused.
      """,
    default: .described("every allowed core"))

  static let root = Command(
    "sample", summary: "Finds the fastest way to do a thing",
    details: """
      Every way is timed in turn, and the fastest is kept. What does not win by more than the noise
      is not called a win.

      It can't be hurried: see --time.
      """,
    examples: [
      .init("sample --model tiny", "Try everything once"),
      .init("sample --model tiny --threads 2 --time 2m --output tiny.json", "Give it two minutes"),
    ],
    flags: [
      Flag(
        "model", short: "m", value: .string, placeholder: "NAME", category: "Work",
        summary: "What to work on", isRequired: true),
      Flag(
        "width", value: .number(.leastNonzeroMagnitude...2), category: "Work",
        summary: "Width multiplier", default: .value("1")),
      Flag(
        "time", value: .duration(0...86400), category: "Work", summary: "Stop after so long",
        default: .value("60s")),
      Flag(
        "effort", value: .choice(["estimate", "measure", "patient", "exhaustive", "heroic"]),
        category: "Work", summary: "How hard to try", default: .value("measure")),
      threads,
      Flag("bias", value: .integer(-8...8), category: "Machine", summary: "Lean this way"),
      Flag(
        "output", short: "o", value: .path, category: "Files", summary: "Write the result there"),
      Flag("resume", category: "Files", summary: "Go on where the last run ended"),
      Flag("verbose", short: "v", category: "Files", summary: "Say more; twice for more still"),
    ],
    subcommands: [check, compare], run: recording)

  static let check = Command(
    "check", summary: "Says whether a file fits this machine [or another]",
    flags: [threads, Flag("strict", summary: "Fail on the smallest doubt")],
    positionals: [
      Positional("FILE", value: .path, summary: "the file to check"),
      Positional("WORD", summary: "any words", arity: .many(atLeast: 0)),
    ], run: recording)

  static let compare = Command(
    "compare", summary: "Compares things",
    subcommands: [
      Command(
        "kernels", summary: "Compares kernels",
        flags: [
          Flag("threads", value: .integers(1...64), summary: "Numbers of threads to try"),
          Flag("kernels", value: .strings, summary: "Kernels to compare"),
        ], run: recording),
      Command("runs", summary: "Compares runs", run: recording),
    ])

  /// A program that takes words, and so has no subcommands.
  static let reader = Command(
    "reader", summary: "Reads a thing",
    flags: [Flag("top", value: .integer(1...1000), summary: "Show so many", default: .value("5"))],
    positionals: [Positional("IMAGE", value: .path, summary: "the thing")], run: recording)

  /// Prints what the parser understood.
  private static let recording: Command.Action = { arguments, console in
    let path = arguments.commandPath
    try console.print("command: \(path.joined(separator: " "))")
    try console.print("words: \(arguments.positionals)")
    if path == ["sample"] {
      try console.print("model: \(arguments.string("model") ?? "none")")
      try console.print("width: \(arguments.number("width") ?? -1)")
      try console.print("time: \(arguments.seconds("time") ?? -1)")
      try console.print("effort: \(arguments.string("effort") ?? "none")")
      try console.print("threads: \(arguments.integer("threads") ?? -1)")
      try console.print("bias: \(arguments.integer("bias") ?? -99)")
      try console.print("output: \(arguments.string("output") ?? "none")")
      try console.print("resume: \(arguments.flag("resume"))")
      try console.print("verbose: \(arguments.count("verbose"))")
    } else if path.last == "kernels" {
      try console.print("threads: \(arguments.integers("threads") ?? [])")
      try console.print("kernels: \(arguments.strings("kernels") ?? [])")
    } else if path.last == "check" {
      try console.print("threads: \(arguments.integer("threads") ?? -1)")
      try console.print("file: \(arguments.positional("FILE") ?? "none")")
      try console.print("rest: \(arguments.positionals("WORD"))")
    }
    return .ok
  }
}
