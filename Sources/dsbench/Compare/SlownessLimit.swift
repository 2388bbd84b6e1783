import DSCommandLine
import DSCommands
import DSMeasurement

/// `--fail-if-slower 5%`: how much slower than the first the others may be before the answer is no.
struct SlownessLimit {
  static let flag = Flag(
    "fail-if-slower", value: .string, placeholder: "5%", category: "Output",
    summary: "Exit with 1 where a slowdown beyond this is shown, or a row is undecided",
    details:
      "Shown means that the samples exclude chance: for a pair measured together, that the whole "
      + "interval lies beyond no difference; for two files, that the Mann-Whitney test says so, too. "
      + "A row that noise left undecided may be slower, so it is no reason to go on.")

  /// 1.05 for 5 %.
  let ratio: Double

  /// `nil` where the flag is not given.
  init?(_ arguments: Arguments) throws {
    guard let text = arguments.string(Self.flag.name) else { return nil }
    let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
    guard let percent = Double(digits), percent.isFinite, percent >= 0 else {
      throw arguments.usageError("--fail-if-slower takes a percentage such as 5%, not '\(text)'")
    }
    ratio = 1 + percent / 100
  }

  /// Whether a time that is `slowdown` times the first one's is too much.
  func isExceeded(by slowdown: Double, isShown: Bool) -> Bool { isShown && slowdown > ratio }
}
