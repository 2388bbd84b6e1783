import DSCore
import DSNetworks

/// What is known to be needed before anything is allocated. Where `malloc` has nothing left the process ends, and where the
/// system promises more than it has, it kills.
package struct MemoryNeed {
  /// At least so many. A `Double`, since sums of a hostile network's sizes are beyond `Int`.
  package let byteCount: Double

  /// - Throws: `RuntimeError.outOfMemory` if the machine has less.
  package func check() throws(RuntimeError) {
    if byteCount > Double(SystemMemory.byteCount) {
      throw .outOfMemory(byteCount: Int(min(byteCount, 1e18)))
    }
  }

  /// Of an inference: the image, the weights as they are and packed, and the feature maps of the largest layer.
  package init(_ network: Network) {
    let weights = network.layers.reduce(0.0) { $0 + 8 * Double($1.stage.weightCount) }
    let maps = network.layers.map {
      4 * Double($0.stage.input.elementCount + $0.stage.output.elementCount)
    }
    byteCount = 4 * Double(network.input.elementCount) + weights + (maps.max() ?? 0)
  }

  /// Of a problem that is timed alone: its input in double precision for the reference, all maps and the weights.
  package init(_ problem: Problem) {
    let weights = problem.stages.reduce(0.0) { $0 + 8 * Double($1.weightCount) }
    let (input, output) = (Double(problem.input.elementCount), Double(problem.output.elementCount))
    byteCount = 12 * input + 8 * output + weights
  }
}
