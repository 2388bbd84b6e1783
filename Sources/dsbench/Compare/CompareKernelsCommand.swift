import CSystem
import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMeasurement
import DSReporting
import DSRuntime

/// `dsbench compare kernels`: every rung of the ladder, side by side.
enum CompareKernelsCommand {
  static let command = Command(
    "kernels", summary: "Time every implementation of a problem or of a network's problems",
    details: """
      Checks each kernel's result against a Float64 reference, then times all of them in turn, round \
      after round, so that what slows the machine slows all alike. The rounds of a problem come in \(Passes.count) \
      passes over all problems, so that each is measured all the time. Every kernel runs with the parameters \
      that its cost model likes best, or with all of them (--all). Speeds are relative to the fastest; \
      a difference that the samples do not show is called that. Blocks that other programs disturbed do not \
      count. A time or speed that is known no better than to a factor of two then has no number, a verdict \
      that it leaves open is 'undecided', and more time is spent on it, as much again at most. The exit code is 1 \
      where no row could be decided.

      Cache states: 'network' leaves the activations warm and lets the weights come round as inside a \
      network, 'warm' uses the same weights each time, 'cold' empties all caches before each run.
      """,
    examples: [
      .init(
        "dsbench compare kernels --problem 'depthwise 3x3 s1 p1,1 112x112x32 relu6 f32'",
        "All rungs of one layer"),
      .init("dsbench compare kernels -m mobilenet-v1 -f csv", "A whole network, for a spreadsheet"),
      .init(
        "dsbench compare kernels -m xception --methods simd,threaded --threads 1,2 --time 10s",
        "The fast ones, on one and on two threads, in ten seconds"),
      .init(
        "dsbench compare kernels -m mobilenet-v1 --methods simd --copies 2",
        "The fast ones, each against itself: is the machine fit to measure on?"),
    ],
    flags: SharedFlags.network + selectionFlags + [SharedFlags.instructionSet] + measurementFlags
      + outputFlags,
    run: run)

  private static let selectionFlags = [
    Flag(
      "problem", short: "p", value: .string, placeholder: "KEY", category: "Selection",
      summary: "Problem to measure, several with ';' between (see dsbench list problems)"),
    Flag(
      "kernels", short: "k", value: .strings, placeholder: "ID,…", category: "Selection",
      summary: "Only these kernels (see dsbench list kernels)"),
    Flag(
      "methods", value: .strings, category: "Selection",
      summary: "Only these rungs: "
        + KernelMethod.allCases.map(\.rawValue).joined(separator: ", "),
      details: "With --model, naming 'fused' adds the network's blocks that fused kernels can do."),
    Flag(
      "parameters", value: .strings, placeholder: "NAME=N,…", category: "Selection",
      summary: "Exactly these parameters, of the kernels that have them"),
    Flag(
      "all", short: "a", category: "Selection", summary: "All parameters, not only the best ones"),
    Flag(
      "threads", short: "t", value: .integers(1...1 << 16), category: "Machine",
      summary: "Threads of the parallel kernels", default: .described("1 and one a core")),
  ]

  private static let measurementFlags = [
    Flag(
      "cache", value: .choice(CacheState.allCases.map(\.rawValue)), category: "Measurement",
      summary: "What the caches hold before a run", default: .value(CacheState.network.rawValue)),
    Flag(
      "time", value: .duration(0.05...1e6), category: "Measurement",
      summary: "How long to measure", default: .described("4s a problem, 20s to 70s")),
    Flag(
      "copies", value: .integer(1...64), placeholder: "N", category: "Measurement",
      summary: "Enter each kernel N times, as if it were N kernels",
      details: "With 2 every kernel meets itself, in buffers of its own (A/A): differences shown "
        + "between copies are errors of the measurement.", default: .value("1")),
  ]

  private static let outputFlags =
    ReportOutput.flags + [
      Flag("samples", category: "Output", summary: "Show every sample in the table, too")
    ]

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let cores = LiveMachine.current.processors.count
    let threads = arguments.integers("threads") ?? Array(Set([1, cores])).sorted()
    let asked = arguments.string("isa").flatMap(InstructionSet.init)
    let selection = try KernelSelection(
      arguments, threads: threads, instructionSet: asked ?? Registry.bestInstructionSet,
      copies: arguments.integer("copies") ?? 1)
    let output = try ReportOutput(arguments, console)
    let machine = try BenchMachine(arguments, workers: threads.max(), console: console)
    let cache = arguments.string("cache").flatMap(CacheState.init) ?? .network
    var context = machine.context
    InterruptFlag.install()
    let comparison = KernelComparison(
      machine: machine, cache: cache, weightBytes: selection.weightBytes,
      shouldStop: { InterruptFlag.isRaised })
    let seconds = arguments.seconds("time") ?? min(70, max(20, 4 * Double(selection.entries.count)))
    let records: [BenchmarkRecord]
    do {
      records = try measure(
        selection, comparison, until: ClockTime.deadline(seconds * 1e9, after: cs_monotonic_ns()),
        console: console)
    } catch {
      throw CommandFailure(error)
    }
    context.doubts += comparison.noiseDoubts
    report(comparison, records, console)
    try output.write(
      KernelTables.report(records, context: context, showsSamples: arguments.flag("samples")))
    let undecided = Indecisions(
      rows: records.compactMap { record in
        record.indecision.map { ("\(record.kernel) on '\(record.problem)'", $0) }
      }, count: records.count)
    undecided.report(console)
    if InterruptFlag.isRaised { return .interrupted }
    return records.contains { $0.isCorrect == false } ? .negative : undecided.exitCode()
  }

  private static func measure(
    _ selection: KernelSelection, _ comparison: KernelComparison, until deadline: UInt64,
    console: Console
  ) throws(RuntimeError) -> [BenchmarkRecord] {
    var progress = ProgressLine(on: console)
    defer { progress.finish() }
    return try comparison.records(of: selection.entries, until: deadline) { part, next in
      progress.update(completed: part, of: 1, label: next.key)
    }
  }

  private static func report(
    _ comparison: KernelComparison, _ records: [BenchmarkRecord], _ console: Console
  ) {
    for omission in comparison.omissions.prefix(8) {
      console.warning(
        "\(omission.candidate.kernel.id) left out of '\(omission.problem.key)': \(omission.reason)",
        hint: "allow more with --time")
    }
    if comparison.omissions.count > 8 {
      console.warning("\(comparison.omissions.count - 8) more were left out for want of time")
    }
    for doubt in comparison.noiseDoubts { console.warning(doubt.description) }
    let few = records.filter {
      $0.doubts.contains { doubt in
        switch doubt {
        case .fewSamples, .fewPasses: true
        default: false
        }
      }
    }
    if let first = few.first {
      console.warning(
        "\(few.count) of \(records.count) rows have too few samples for an interval, the first "
          + "\(first.kernel) on '\(first.problem)'", hint: "allow more time with --time")
    }
    let odd = records.filter {
      $0.doubts.contains { if case .outliers = $0 { true } else { false } }
    }
    if !odd.isEmpty {
      console.warning(
        "\(odd.count) of \(records.count) rows have outliers: something interrupted the runs",
        hint: "close other programs and measure again; the rows' warnings say more")
    }
    for record in records where record.isCorrect == false {
      console.error("\(record.kernel) computes '\(record.problem)' wrongly")
    }
  }
}
