import DSCore
import DSNetworks

/// What is known to be needed before anything is allocated. Where Swift's arrays find nothing left the process ends, and where
/// the system promises more than it has, it kills.
package struct MemoryNeed {
  /// At least so many at once. A `Double`, since sums of a hostile network's sizes are beyond `Int`.
  package let byteCount: Double
  /// Those of the largest layer, whole. A plan may keep a few rows of them instead, so they count against the machine's memory
  /// alone; what the plan needs is asked for when it is there.
  private var mapByteCount = 0.0

  /// - Throws: `RuntimeError.outOfMemory` if the process may not have so much.
  package func check() throws(RuntimeError) {
    func bytes(_ count: Double) -> Int { Int(min(count, 1e18)) }
    if byteCount + mapByteCount > Double(SystemMemory.byteCount) {
      throw .outOfMemory(byteCount: bytes(byteCount + mapByteCount))
    }
    try RuntimeError.forWantOfMemory { () throws(MemoryShortage) in
      try MemoryAllowance.check(bytes(byteCount))
    }
  }

  package init(byteCount: Double) { self.byteCount = byteCount }

  /// Of an inference: the image and the results, and the weights as they are and packed.
  package init(_ network: Network) {
    let weights = network.layers.reduce(0.0) { $0 + 8 * Double($1.stage.weightCount) }
    let maps = network.layers.map {
      4 * Double($0.stage.input.elementCount + $0.stage.output.elementCount)
    }
    let results = 8 * Double(network.batch) * Double(network.classCount)
    byteCount = 4 * Double(network.input.elementCount) + results + weights
    mapByteCount = maps.max() ?? 0
  }

  /// Of a problem that is timed alone: its tensors, the same in double precision with bounds for the reference, and the weights as
  /// they are and packed.
  package init(_ problem: Problem) {
    let weights = problem.stages.reduce(0.0) { $0 + 8 * Double($1.weightCount) }
    let (input, output) = (Double(problem.input.elementCount), Double(problem.output.elementCount))
    let results = problem.addsResidual ? 2.0 : 1
    byteCount = 20 * input + (8 + 16 * results) * output + weights
  }
}
