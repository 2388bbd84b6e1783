import DSCommandLine
import DSCore

/// Flags that several commands have, so that they mean the same everywhere.
public enum SharedFlags {
  public static let model = Flag(
    "model", short: "m", value: .string, placeholder: "NAME", category: "Network",
    summary: "mobilenet-v1, mobilenet-v2, xception, or a network file")

  public static let width = Flag(
    "width", short: "w", value: .string, placeholder: "A", category: "Network",
    summary: "Width multiplier of the channel counts", default: .value("1"))

  public static let resolution = Flag(
    "resolution", short: "r", value: .integer(.min ... .max), placeholder: "R", category: "Network",
    summary: "Rows and columns of the input image", default: .described("224; xception 299"))

  public static let batch = Flag(
    "batch", value: .integer(.min ... .max), placeholder: "N", category: "Network",
    summary: "Images in one run", default: .value("1"))

  public static let network = [model, width, resolution, batch]

  public static let threads = Flag(
    "threads", short: "t", value: .integer(1...1 << 16), placeholder: "N", category: "Machine",
    summary: "Threads that share one inference",
    default: .described("the schedule's, or one a core"))

  public static let instructionSet = Flag(
    "isa", value: .choice(InstructionSet.allCases.map(\.rawValue)), category: "Machine",
    summary: "Use no more than this instruction set", default: .described("the CPU's best"))

  public static let machine = [threads, instructionSet]

  public static let schedule = Flag(
    "schedule", short: "s", value: .path, category: "Network",
    summary: "Schedule made by dstune", default: .described("none: the cache model chooses"))

  public static func format(_ choices: [String]) -> Flag {
    Flag(
      "format", short: "f", value: .choice(choices), category: "Output",
      summary: "Form of the output", default: .value(choices[0]))
  }

  public static let output = Flag(
    "output", short: "o", value: .path, category: "Output", summary: "File to write")
}
