import DSCore
import DSKernels

/// What benches take in memory that stay ready while others run.
package enum TrialMemory {
  /// Consecutive benches of so many bytes each, in groups of at most `limit` bytes. One that is larger by itself
  /// is a group of its own.
  package static func groups(bytes: [Int], limit: Int) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var (start, sum) = (0, 0)
    for (index, size) in bytes.enumerated() {
      if index > start && sum + size > limit {
        groups.append(start..<index)
        (start, sum) = (index, 0)
      }
      sum += size
    }
    return start < bytes.count ? groups + [start..<bytes.count] : groups
  }

  /// Bytes of the tensors and of all candidates' packed weights and scratch, with a bench for each number of
  /// threads.
  package static func bytes(
    of candidates: [Candidate], _ problem: Problem, channelBlock: Int, rotationBytes: Int
  ) -> Int {
    let input = TensorLayout(shape: problem.input, channelBlock: channelBlock).byteCount
    let output = TensorLayout(shape: problem.output, channelBlock: channelBlock).byteCount
    let tensors = input + output * (problem.addsResidual ? 2 : 1)
    let benches = Set(candidates.map(\.workers)).count
    return candidates.reduce(benches * TrialArena.residentBytes(tensors)) { sum, candidate in
      let needs = needs(
        candidate, problem, channelBlock: channelBlock, rotationBytes: rotationBytes)
      return sum + TrialArena.residentBytes(needs.byteCount)
    }
  }

  /// Of one candidate: copies of its packed weights, and its scratch.
  static func needs(
    _ candidate: Candidate, _ problem: Problem, channelBlock: Int, rotationBytes: Int
  ) -> (byteCount: Int, copies: Int, scratchBytes: Int) {
    let packed = PreparedKernel.packedByteCount(candidate.kernel, problem, candidate.values)
    let copies = copies(ofBytes: packed, rotationBytes: rotationBytes)
    let scratch =
      candidate.kernel.scratchBytesPerWorker(
        problem, candidate.values, channelBlock: channelBlock) * candidate.workers
    let byteCount = TrialArena.byteCount(Array(repeating: packed, count: copies) + [scratch])
    return (byteCount, copies, scratch)
  }

  /// How many copies of weights come round until they exceed the rotation.
  static func copies(ofBytes size: Int, rotationBytes: Int) -> Int {
    let size = max(size, 1)
    return max(1, min(64, (rotationBytes + size - 1) / size))
  }
}
