import DSCore

/// A network ready to be planned: every shape known, every reference resolved, every layer's problem
/// checked.
///
///     let network = try Network(model: .mobileNetV1, width: 0.5, resolution: 160)
///     for layer in network.layers { print(layer.name, layer.problem.key) }
public struct Network: Sendable, Hashable {
  /// "mobilenet-v1", "mobilenet-v2", "xception", or the name in the network file.
  public let name: String
  /// The multiplier of the channel counts (α in the MobileNet papers).
  public let width: Double
  /// Images in one run.
  public let batch: Int
  /// Of these so many go through the layers together; the batch, or a divisor of it (`inMicroBatches`).
  public internal(set) var microBatch: Int
  public let elementType: ElementType
  public let preprocessing: Preprocessing
  /// What the caller gives: an image (or `batch` of them) in NHWC order.
  public let input: FeatureShape
  /// In an order in which they can run: each reads only outputs of earlier ones.
  public internal(set) var layers: [Layer]

  /// The most images of one run.
  public static let largestBatch = 1024

  /// The caller answers for `layers` being in order and fitting each other.
  init(
    definition: NetworkDefinition, input: FeatureShape, elementType: ElementType, layers: [Layer]
  ) {
    name = definition.name
    width = definition.width
    batch = input.batch
    microBatch = input.batch
    preprocessing = definition.preprocessing
    self.elementType = elementType
    self.input = input
    self.layers = layers
  }

  /// Rows of the input image.
  public var resolution: Int { input.height }
  /// One vector of scores an image.
  public var output: FeatureShape {
    layers[layers.count - 1].problem.forImages(batch).output
  }
  /// Scores of one image.
  public var classCount: Int { layers[layers.count - 1].stage.output.channels }

  /// Whether what it gives are probabilities. Without a softmax at its end it gives scores, which are of any size and may be
  /// negative.
  public var endsInSoftmax: Bool { layers[layers.count - 1].stage.kind == .softmax }

  /// For every layer the layers that read its output, as input or as residual, in order.
  public var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: layers.count)
    for (index, layer) in layers.enumerated() {
      for source in Set([layer.input, layer.residual].compactMap(\.self)) {
        readers[source].append(index)
      }
    }
    return readers
  }
}

extension Network {
  /// A problem and how many layers of the network it is the work of.
  public struct ProblemCount: Sendable, Hashable {
    public let problem: Problem
    public let count: Int
  }

  /// The distinct problems of the single layers, in the order of their first layers.
  public var problems: [ProblemCount] {
    var counts: [Problem: Int] = [:]
    var order: [Problem] = []
    for layer in layers {
      if counts[layer.problem] == nil { order.append(layer.problem) }
      counts[layer.problem, default: 0] += 1
    }
    return order.map { ProblemCount(problem: $0, count: counts[$0, default: 0]) }
  }
}
