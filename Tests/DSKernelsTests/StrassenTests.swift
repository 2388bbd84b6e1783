import DSCore
import DSKernels
import Testing
import TestSupport

@Suite("Strassen's algorithm")
struct StrassenTests {
  /// 19×19 pixels are 180 pairs and one pixel that makes a pair with its neighbour; 728 channels are 23 blocks of 16 and
  /// 22½, and two halves of 22 vectors and one and a half beside them.
  @Test(
    "It does seven products of eight",
    .enabled(if: FastKernelSet.all.contains { $0.instructionSet == .avx512 }))
  func multiplyAdds() throws {
    let problem = try Problem(key: "pointwise 19x19x728->728 relu f32")
    let kernel = try Registry.standard.kernel(id: "f32-pointwise-strassen-simd__avx512")
    let halves = 181 * 22 * 16 * (4 * 368 + 3 * 360)
    #expect(kernel.multiplyAdds(problem) == halves + 361 * 728 * 32)
    #expect(kernel.multiplyAdds(problem) * 8 < problem.multiplyAdds * 72 / 10)
    #expect(kernel.multiplyAdds(problem.forImages(3)) == 3 * kernel.multiplyAdds(problem))
    let direct = try Registry.standard.kernel(id: "f32-pointwise-simd__avx512")
    #expect(direct.multipliesAsWritten && !kernel.multipliesAsWritten)
    #expect(direct.multiplyAdds(problem) == problem.multiplyAdds)
  }

  /// A pixel of zeros beside one of large numbers is off by what the large ones round away: within its own bound, far outside
  /// the formula's.
  @Test("Its bound counts the pixel's neighbour", arguments: KernelCorrectnessTests.instructionSets)
  func bound(instructionSet: InstructionSet) throws {
    let problem = try Problem(key: "pointwise 1x2x64->64 none f32")
    let random = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
    var input = random.input
    for channel in 0..<64 { input.values[channel] *= 0x1p20 }
    for channel in 64..<128 { input.values[channel] = 0 }
    let trial = KernelTrial(
      problem, channelBlock: random.channelBlock, input: input, residual: nil,
      weights: random.weights)
    let kernel = try Registry.standard.kernel(
      id: "f32-pointwise-strassen-simd__\(instructionSet.rawValue)")
    let context = ParameterAxis.Context(problem: problem, workers: 1)
    let values = try #require(kernel.candidates(context).first)
    let output = trial.run(kernel, values, workers: 1)
    let exact = trial.reference()
    #expect(output.worstError(against: trial.bounding(exact, by: kernel)) <= 1)
    #expect(output.worstError(against: exact) > 100)
  }
}
