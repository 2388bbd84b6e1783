import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule
import Foundation
import TestSupport

/// A folder with all that `dsclassify` needs, for a network of a few layers, and one file that a failing
/// run must leave as it is.
struct ClassifyScene {
  let folder: String

  /// Runs `body` in a folder that is gone afterwards.
  static func with<Outcome>(_ body: (ClassifyScene) throws -> Outcome) throws -> Outcome {
    try Fixtures.withTemporaryFolder { folder in
      let scene = ClassifyScene(folder: folder)
      try scene.write(Self.networkText.utf8, to: scene.networkPath)
      try scene.write(Self.weights().bytes, to: scene.weightsPath)
      try scene.write(Self.image, to: scene.imagePath)
      try scene.write(Self.keepsake.utf8, to: scene.outputPath)
      return try body(scene)
    }
  }

  var networkPath: String { folder + "/network.json" }
  var weightsPath: String { folder + "/weights.safetensors" }
  var imagePath: String { folder + "/image.ppm" }
  var outputPath: String { folder + "/output.npy" }

  func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// Runs `dsclassify` on the scene; of flags that are there twice, the last counts.
  func classify(
    _ words: [String] = [], image: String? = nil, device: String? = nil
  ) throws -> CommandRun {
    try CommandRun(
      "dsclassify",
      ["--model", networkPath, "--weights", weightsPath, "--output", outputPath] + words
        + [image ?? imagePath], device: device)
  }

  /// The values of the output file.
  func output() throws -> NumpyArray { try NumpyArray(contentsOf: outputPath) }

  /// Whether nothing is in the folder that was not there before, and the output file is the old one.
  func isUntouched(besides names: Set<String> = []) throws -> Bool {
    let before: Set = ["network.json", "weights.safetensors", "image.ppm", "output.npy"]
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try Set(files) == before.union(names)
      && String(contentsOfFile: outputPath, encoding: .utf8) == Self.keepsake
  }
}

extension ClassifyScene {
  private static let keepsake = "the output of an earlier run"

  static let networkText = """
    {"schema": "dstune.network/1.0", "name": "scene", "input": [8, 8, 3], "classes": 7,
     "layers": [
       {"kind": "standard", "name": "stem", "kernel": 3, "padding": "same", "channels": 24,
        "activation": "relu6"},
       {"kind": "pointwise", "name": "mix", "channels": 20, "activation": "relu6"},
       {"kind": "avgpool", "name": "mean"},
       {"kind": "dense", "name": "scores", "channels": 7},
       {"kind": "softmax", "name": "probabilities"}]}
    """

  static func network() throws -> Network {
    try Network(NetworkDefinition(json: Array(networkText.utf8), path: "network.json"))
  }

  static let tensors: [(name: String, shape: [Int])] = [
    ("stem/kernel", [3, 3, 3, 24]), ("stem/bias", [24]), ("mix/kernel", [1, 1, 24, 20]),
    ("mix/bias", [20]), ("scores/kernel", [20, 7]), ("scores/bias", [7]),
  ]

  /// The network's weights; `edit` sees each tensor's name, shape and values before they are stored, and
  /// may leave it out.
  static func weights(
    edit: (String, inout [Int], inout [Float]) -> Bool = { _, _, _ in true }
  ) -> SafeTensorsFile {
    var file = SafeTensorsFile()
    var generator = SeededGenerator(seed: 1)
    for (name, shape) in tensors {
      var shape = shape
      var values = (0..<shape.reduce(1, *)).map { _ in generator.nextUnitFloat() }
      if edit(name, &shape, &values) { file.add(name, shape: shape, values) }
    }
    return file
  }

  /// 8 by 8 pixels, none like another.
  static let image = Array("P6 8 8 255\n".utf8) + (0..<192).map { UInt8($0) }

  /// A schedule for this machine with one entry: the network's pointwise layer by the best instruction
  /// set's register tiles.
  static func schedule() throws -> Schedule {
    let network = try network()
    var schedule = Schedule(
      network: NetworkIdentity(name: network.name, resolution: network.resolution),
      tool: ToolIdentity(version: "test", registry: Registry.standard.signature),
      machine: MachineIdentity(LiveMachine.current.description), threads: 1)
    let problem = network.layers[1].problem
    let best = Registry.bestInstructionSet
    let kernels = Registry.standard.kernels(for: problem, upTo: best, workers: 1)
    for kernel in kernels where kernel.method == .simd && kernel.instructionSet == best {
      let context = ParameterAxis.Context(problem: problem, workers: 1)
      schedule.entries = kernel.candidates(context).prefix(1).map { values in
        ScheduleEntry(
          problem: problem.key, kernel: kernel.id, compatibility: kernel.compatibility,
          parameters: kernel.named(values), state: .measured,
          microseconds: MeasuredInterval(median: 1, low: 1, high: 1, samples: 1))
      }
    }
    return schedule
  }
}
