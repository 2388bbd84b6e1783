import DSCore
import DSKernels
import DSNetworks

extension Network {
  /// In the micro-batches that the cost model expects to be fastest, the largest of equals.
  package func inBestMicroBatches(
    _ model: CostModel, upTo instructionSet: InstructionSet, workers: Int
  ) -> Network {
    if batch == 1 { return self }
    func microseconds(_ network: Network) -> Double {
      network.problems.reduce(0) { sum, entry in
        let best = model.best(
          entry.problem, registry: .standard, upTo: instructionSet, workers: workers)
        return sum + Double(entry.count * network.microBatchCount)
          * (best?.predictedMicroseconds ?? .infinity)
      }
    }
    let divisors = (1...batch).reversed().filter { batch % $0 == 0 }
    let candidates = divisors.map { inMicroBatches(of: $0) }
    let times = candidates.map(microseconds)
    let best = times.indices.min { times[$0] < times[$1] } ?? 0
    return candidates[best]
  }
}
