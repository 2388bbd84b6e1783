import DSCore

/// Where each step's output lies in one arena: outputs that are never needed at the same time share bytes.
///
/// - Source: Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference",
///   arXiv:2001.03288 (greedy by size).
public struct MemoryPlan: Sendable {
  /// A tensor that is written by step `first` and read for the last time by step `last`.
  public struct Lifetime: Sendable {
    public var byteCount: Int
    public var first: Int
    public var last: Int

    public init(byteCount: Int, first: Int, last: Int) {
      self.byteCount = byteCount
      self.first = first
      self.last = last
    }

    func overlaps(_ other: Lifetime) -> Bool { first <= other.last && other.first <= last }
  }

  /// Bytes from the arena's start, in the order of the lifetimes; multiples of 64.
  public let offsets: [Int]
  public let byteCount: Int

  public init(_ lifetimes: [Lifetime]) {
    var offsets = [Int](repeating: 0, count: lifetimes.count)
    var placed: [Int] = []
    var total = 0
    let largestFirst = lifetimes.indices.sorted {
      (-lifetimes[$0].byteCount, $0) < (-lifetimes[$1].byteCount, $1)
    }
    for tensor in largestFirst {
      let size = (lifetimes[tensor].byteCount + 63) / 64 * 64
      let neighbours = placed.filter { lifetimes[$0].overlaps(lifetimes[tensor]) }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for other in neighbours {
        if offset + size <= offsets[other] { break }
        offset = max(offset, offsets[other] + (lifetimes[other].byteCount + 63) / 64 * 64)
      }
      offsets[tensor] = offset
      placed.append(tensor)
      total = max(total, offset + size)
    }
    self.offsets = offsets
    byteCount = total
  }
}

extension MemoryPlan {
  /// The outputs of a network's steps. The scores stay until the end, so that a caller can have them too.
  public init(_ plan: NetworkPlan) {
    let end = plan.steps.count - 1
    var last = plan.steps.indices.map { $0 }
    for (index, step) in plan.steps.enumerated() {
      for source in [step.input, step.residual].compactMap({ $0 }) { last[source] = index }
    }
    last[plan.scoreStep] = end
    last[end] = end
    self.init(
      plan.steps.enumerated().map { index, step in
        let layout = TensorLayout(
          shape: step.problem.output, channelBlock: plan.channelBlock,
          elementType: plan.network.elementType)
        return Lifetime(byteCount: layout.byteCount, first: index, last: last[index])
      })
  }
}
