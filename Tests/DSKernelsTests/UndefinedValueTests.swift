import DSCore
import DSKernels
import TestSupport
import Testing

/// NaN and infinity in one place of a map: an output is undefined exactly where the formula says so.
@Suite("Undefined and infinite values among others")
struct UndefinedValueTests {
  /// Windows inside and over the edges, four beside each other and alone, of all loops there are.
  private static let pooled = [
    "maxpool 3x3 s2 p0,1 5x23x21 none f32", "maxpool 3x3 s1 p1,1 4x19x5 in-relu none residual f32",
    "maxpool 2x2 s2 p0,0 4x22x21 relu f32", "maxpool 5x2 s3 p2,1,1,0 7x18x5 in-relu6 none f32",
    "maxpool 7x9 s1 p0,0 7x9x21 none f32", "avgpool 3x3 s2 p0,0 5x23x21 in-relu none f32",
  ]

  @Test(
    "Each pooled window with NaN or both infinities in it, and no other, is what IEEE 754 says",
    arguments: pooled)
  func pooling(key: String) throws {
    try expectAsReference(Problem(key: key), places: .max)
  }

  /// Nothing but what an output is made of may reach it: not the image beside it, and no lane of a block.
  @Test(
    "Products, depthwise and fused kernels spread NaN as far as their windows reach",
    arguments: [
      "pointwise 3x5x19->21 relu f32", "pointwise 3x5x19->21 in-relu6 none f32",
      "dense 2x1x1x40->5 none f32", "depthwise 3x3 s1 p1,1 6x19x19 relu6 f32",
      "depthwise 3x3 s2 p0,1 6x19x19 in-relu none f32", "depthwise 2x4 s1 p0,1 6x19x5 none f32",
      "standard 3x3 s1 p1,1 5x9x5->17 relu f32", "standard 3x3 s2 p0,1 5x9x5->17 none f32",
      "standard 3x3 s2 p0,1 image 9x19x3->17 in-relu relu f32",
      "separable 3x3 s1 p1,1 4x19x21->5 none,relu6 f32",
      "inverted 3x3 s1 p1,1 4x9x10->21->5 in-relu relu6,relu6,none f32",
      "pooled 4x5 s1 p0,0 4x5x21->5 relu6,none f32",
      "reduction 3x3 s1 p1,1 3x3 s2 p0,1 5x13x21->5 in-relu none,none,relu f32",
    ])
  func products(key: String) throws {
    try expectAsReference(Problem(key: key), places: 12)
  }

  /// An infinite input of a product leaves infinity times zero in lanes that are no channels.
  @Test(
    "Lanes that are no channels are not read", arguments: KernelCorrectnessTests.instructionSets)
  func padding(instructionSet: InstructionSet) throws {
    var checked = 0
    for problem in ProblemSweep.all where !problem.stages[0].readsImage {
      let trial = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
      for kernel in Registry.standard.kernels(for: problem, upTo: instructionSet, workers: 1)
      where kernel.channelBlock != nil && kernel.multipliesAsWritten {
        guard let values = kernel.candidates(.init(problem: problem, workers: 1)).last else {
          continue
        }
        let clean = trial.run(kernel, values, workers: 1)
        let spoilt = trial.run(kernel, values, workers: 1, inputPadding: .nan)
        #expect(spoilt.values == clean.values, "\(kernel.id) on '\(problem.key)'")
        checked += 1
      }
    }
    #expect(checked > 100)
  }

  /// One value at a time replaced, at most `places` of them; each kernel with one of its candidates.
  private func expectAsReference(_ problem: Problem, places: Int) throws {
    let plain = KernelTrial(problem, channelBlock: 16)
    var generator = SeededGenerator(seed: 7)
    let all = plain.input.values.indices.shuffled(using: &generator)
    for (round, place) in all.prefix(TestEffort.isQuick ? 4 : min(places, 40)).enumerated() {
      var input = plain.input
      input.values[place] = [.nan, -.nan, .infinity, -.infinity][round % 4]
      // Both infinities in a window have a sum of neither, and a maximum.
      if round % 4 == 2 { input.values[all[all.count - 1 - round]] = -.infinity }
      let trial = KernelTrial(
        problem, channelBlock: 16, input: input, residual: plain.residual, weights: plain.weights)
      let exact = trial.reference()
      for instructionSet in KernelCorrectnessTests.instructionSets {
        let kernels = Registry.standard.kernels(for: problem, upTo: instructionSet, workers: 2)
        for kernel in kernels where kernel.multipliesAsWritten {
          let candidates = kernel.candidates(.init(problem: problem, workers: 2))
          guard let values = candidates.randomElement(using: &generator) else { continue }
          let output = trial.with(channelBlock: instructionSet.channelBlock(.float32))
            .run(kernel, values, workers: kernel.usableWorkers(of: 2))
          let wrong = output.values.indices.filter { index in
            let (found, right) = (Double(output.values[index]), exact.values[index])
            if right.isFinite { return !((found - right).magnitude <= exact.bounds[index]) }
            return right.isNaN ? !found.isNaN : found != right
          }
          #expect(
            wrong.isEmpty,
            "\(kernel.id) \(kernel.named(values)), value \(place) of '\(problem.key)': \(wrong)")
        }
      }
    }
  }
}
