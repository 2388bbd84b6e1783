import DSCore
import DSKernels
import TestSupport
import Testing

/// Who waits for whom follows from what kernels say they touch: it must be true.
@Suite("What a worker reads and writes")
struct ReachTests {
  @Test(
    "A worker writes nothing else, and reads nothing else",
    arguments: KernelCorrectnessTests.instructionSets)
  func reachIsTrue(instructionSet: InstructionSet) throws {
    var narrow = 0
    for (index, problem) in ProblemSweep.all.enumerated() {
      let trial = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
      let (workers, inputRowParts) = [(2, 1), (2, 2), (3, 3), (4, 2), (4, 4)][index % 5]
      let kernels = Registry.standard.kernels(
        for: problem, upTo: instructionSet, workers: workers)
      for kernel in kernels where kernel.isParallel {
        let context = ParameterAxis.Context(problem: problem, workers: workers)
        var generator = SeededGenerator(seed: UInt64(index))
        guard let values = kernel.candidates(context).randomElement(using: &generator) else {
          continue
        }
        let name = "\(kernel.id) \(kernel.named(values)) x\(workers) on '\(problem.key)'"
        let together = trial.run(kernel, values, workers: workers, inputRowParts: inputRowParts)
        let written = trial.written(
          kernel, values, workers: workers, inputRowParts: inputRowParts)
        for worker in 0..<workers {
          let alone = trial.run(
            kernel, values, workers: workers, inputRowParts: inputRowParts, alone: worker)
          let wrong = alone.values.indices.count {
            !alone.values[$0].isNaN
              && (!written[worker][$0] || alone.values[$0] != together.values[$0])
          }
          #expect(wrong == 0, "worker \(worker) of \(name)")
        }
        let isCovered = together.values.indices.allSatisfy { value in
          written.contains { $0[value] }
        }
        #expect(isCovered, "\(name)")
        narrow += written.contains { $0.contains(false) } ? 1 : 0
      }
    }
    #expect(narrow > ProblemSweep.all.count / 2)
  }
}
