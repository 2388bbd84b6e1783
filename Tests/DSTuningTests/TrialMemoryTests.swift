import DSCore
import DSKernels
import DSTuning
import Testing

@Suite struct TrialMemoryTests {
  @Test(
    arguments: [
      ([], 10, []), ([3], 10, [0..<1]), ([3, 4, 3], 10, [0..<3]), ([3, 4, 4], 10, [0..<2, 2..<3]),
      ([20, 1, 2], 10, [0..<1, 1..<3]), ([1, 20, 2], 10, [0..<1, 1..<2, 2..<3]),
    ] as [([Int], Int, [Range<Int>])])
  func consecutiveProblemsShareTheMemory(bytes: [Int], limit: Int, groups: [Range<Int>]) {
    #expect(TrialMemory.groups(bytes: bytes, limit: limit) == groups)
  }

  @Test func everyProblemIsInOneGroupAndNoneIsTooLarge() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<100 {
      let bytes = (0..<20).map { _ in Int.random(in: 1...100, using: &generator) }
      let groups = TrialMemory.groups(bytes: bytes, limit: 120)
      #expect(groups.flatMap { Array($0) } == Array(bytes.indices))
      #expect(groups.allSatisfy { bytes[$0].reduce(0, +) <= 120 })
    }
  }

  /// Copies of the weights count as often as they come round, tensors once for each number of threads.
  @Test func candidatesAreCounted() throws {
    let problem = try Problem(key: "pointwise 14x14x512->512 relu6 f32")
    let kernel = try Registry.standard.kernel(id: "f32-pointwise-simd__baseline")
    let values = try #require(
      kernel.candidates(ParameterAxis.Context(problem: problem, workers: 1)).first)
    func bytes(_ count: Int, rotationBytes: Int = 0) -> Int {
      let candidate = Candidate(
        kernel: kernel, values: values, workers: 1, predictedMicroseconds: 1)
      return TrialMemory.bytes(
        of: Array(repeating: candidate, count: count), problem, channelBlock: 4,
        rotationBytes: rotationBytes)
    }
    // In huge pages of 2 MiB: 0.8 MB of tensors in one, and 1.05 MB of weights once, three or nine times.
    let page = 2 << 20
    #expect(bytes(1) == 2 * page)
    #expect(bytes(3) - bytes(2) == bytes(2) - bytes(1))
    #expect(bytes(1, rotationBytes: 3 << 20) == 3 * page)
    #expect(bytes(1, rotationBytes: 9 << 20) == 6 * page)
  }
}
