import DSCommandLine
import DSCommands
import DSCore
import DSImages
import DSNetworks
import DSRuntime

/// `dsclassify`: what a network sees in an image. Also the example of an app that uses the runtime.
enum ClassifyCommand {
  static let command = Command(
    "dsclassify", summary: "Classify an image with a network, its weights and a tuned schedule",
    details: """
      An image is stretched to the network's resolution and preprocessed as Keras does it. A photograph \
      is first turned upright as its EXIF data say, which Keras's load_img does not do, and this is said. \
      An .npy file is taken as preprocessed input, NHWC float32. Files are told by content, not by name.

      A network that ends in a softmax gives probabilities. Any other gives scores: they are printed as \
      they are, and the JSON's probability is null.

      Without a schedule the cache model chooses the kernels. Entries of a schedule that do not fit \
      this machine or build are left out, and named: they cost speed, never a result.
      """,
    examples: [
      .init(
        "dsclassify -m mobilenet-v1 -W v1.safetensors -s v1.schedule.json cat.jpg",
        "The five likeliest classes"),
      .init(
        "dsclassify -m xception -W xception.safetensors -l imagenet.txt -n 1 -f json cat.png",
        "The best one with its label, as JSON"),
      .init(
        "dsclassify -m mobilenet-v2 -W seed:0 -o scores.npy --logits input.npy",
        "The scores before the softmax, with reproducible random weights"),
    ],
    flags: [SharedFlags.model, SharedFlags.width, SharedFlags.resolution, weights]
      + [SharedFlags.schedule, resizing] + SharedFlags.machine
      + [top, labels, SharedFlags.format(["md", "json"]), output, logits],
    positionals: [
      Positional("IMAGE", value: .path, summary: "a JPEG, PNG, PPM, PGM or .npy file")
    ],
    run: run)

  // MARK: - Flags

  private static let weights = Flag(
    "weights", short: "W", value: .string, placeholder: "FILE", category: "Network",
    summary: "SafeTensors file with Keras's names, or seed:N",
    details: "With seed:N the weights are random and reproducible: for trying things out.",
    isRequired: true)

  private static let resizing = Flag(
    "resize", value: .choice(Resizing.allCases.map(\.rawValue)), category: "Network",
    summary: "How the image is brought to the resolution",
    details: """
      nearest takes the pixel under the centre of each new one, as Keras's load_img does. bilinear mixes the \
      four pixels around it without antialiasing, as tf.image.resize and image_dataset_from_directory do \
      unless told otherwise: of an image shrunk to less than half, some pixels count for nothing. Pillow's \
      bilinear, which smooths, gives other pixels.
      """,
    default: .value(Resizing.nearest.rawValue))

  private static let top = Flag(
    "top", short: "n", value: .integer(1...1 << 16), category: "Output",
    summary: "How many classes to print", default: .value("5"))

  private static let labels = Flag(
    "labels", short: "l", value: .path, category: "Output",
    summary: "Text file with a line for each class")

  private static let output = Flag(
    "output", short: "o", value: .path, placeholder: "FILE.npy", category: "Output",
    summary:
      "Write all that the network gives, probabilities or scores, as .npy, [1, classes] float32")

  private static let logits = Flag(
    "logits", category: "Output", summary: "Let --output hold the scores before the softmax")

  // MARK: - Running

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    if arguments.flag("logits"), !arguments.flag("output") {
      throw arguments.usageError("--logits says what --output holds; name a file with --output")
    }
    let image = arguments.positional("IMAGE") ?? ""
    if let path = arguments.string("output") {
      try AtomicPath(path).checkWritable()
      try arguments.expectOutputIsNoInput()
    }
    let network = try arguments.network(batch: 1)
    let weights = try arguments.weights()
    let schedule = try arguments.schedule()
    let labels = try arguments.string("labels").map {
      try Labels(contentsOf: $0, classCount: network.classCount)
    }
    try MemoryNeed(network).check()
    let input = try NetworkInput(
      contentsOf: image, shape: network.input,
      resizing: arguments.string("resize").flatMap(Resizing.init) ?? .nearest,
      preprocessing: network.preprocessing)
    if let warning = input.warning { console.warning(warning) }
    for note in input.notes { console.note(note) }

    let prepared: PreparedNetwork
    let session: Session
    do {
      prepared = try PreparedNetwork(
        network, weights: weights, schedule: schedule, options: arguments.runtimeOptions())
      session = try prepared.makeSession(rehearses: false)
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
    console.report(prepared.scheduleReport)
    let result = try Classification(input.values, in: session, weights: weights.origin)

    let report = ClassificationReport(
      result, prepared: prepared, labels: labels, count: arguments.integer("top") ?? 5,
      image: image, weights: weights.origin, schedule: arguments.string("schedule"))
    if arguments.string("format") == "json" {
      try console.write(report.json.prettyText())
    } else {
      try console.write(report.table.text(for: console.terminal))
    }
    if let path = arguments.string("output") {
      try result.write(logits: arguments.flag("logits"), to: path)
    }
    return .ok
  }
}
