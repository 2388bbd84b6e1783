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
    /// Its offset is to be a multiple of it; itself a multiple of 64.
    public var alignment: Int

    public init(byteCount: Int, first: Int, last: Int, alignment: Int = 64) {
      precondition(alignment > 0 && alignment % 64 == 0, "an alignment of \(alignment) bytes")
      self.byteCount = byteCount
      self.first = first
      self.last = last
      self.alignment = alignment
    }

    func overlaps(_ other: Lifetime) -> Bool { first <= other.last && other.first <= last }
  }

  /// Bytes from the arena's start, in the order of the lifetimes; multiples of 64.
  public let offsets: [Int]
  public let byteCount: Int

  public init(_ lifetimes: [Lifetime]) { self.init(lifetimes, beside: []) }

  /// - Parameter fixed: tensors that have their place already.
  init(_ lifetimes: [Lifetime], beside fixed: [(lifetime: Lifetime, offset: Int)]) {
    let own = lifetimes.count
    let lifetimes = lifetimes + fixed.map(\.lifetime)
    var offsets = [Int](repeating: 0, count: own) + fixed.map(\.offset)
    var placed = Array(own..<lifetimes.count)
    var total = fixed.map { $0.offset + $0.lifetime.byteCount }.max() ?? 0
    let largestFirst = (0..<own).sorted {
      (-lifetimes[$0].byteCount, $0) < (-lifetimes[$1].byteCount, $1)
    }
    for tensor in largestFirst {
      let size = (lifetimes[tensor].byteCount + 63) / 64 * 64
      let neighbours = placed.filter { lifetimes[$0].overlaps(lifetimes[tensor]) }
        .sorted { offsets[$0] < offsets[$1] }
      let alignment = lifetimes[tensor].alignment
      var offset = 0
      for other in neighbours {
        if offset + size <= offsets[other] { break }
        let end = max(offset, offsets[other] + lifetimes[other].byteCount)
        offset = (end + alignment - 1) / alignment * alignment
      }
      offsets[tensor] = offset
      placed.append(tensor)
      total = max(total, offset + size)
    }
    self.offsets = Array(offsets.prefix(own))
    byteCount = total
  }
}

extension MemoryPlan {
  /// The outputs of a network's steps. The scores stay until the end, so that a caller can have them too.
  ///
  /// With several workers, maps lie so that they wait less for each other (see `StepOrder`), as many of the smaller ones
  /// as that costs no byte for.
  public init(_ plan: NetworkPlan) {
    self.init(plan) { $0 }
  }

  /// - Parameter select: what is to be placed, of all steps' lifetimes in their order.
  init(_ plan: NetworkPlan, select: ([Lifetime]) -> [Lifetime]) {
    let tight = Self.lifetimes(plan, apartUpTo: 0)
    self.init(select(tight))
    if plan.workers == 1 { return }
    for byteCount in Set(tight.map(\.byteCount)).sorted(by: >) {
      let apart = MemoryPlan(select(Self.lifetimes(plan, apartUpTo: byteCount)))
      if apart.byteCount <= self.byteCount {
        self = apart
        return
      }
    }
  }

  /// - Parameter apartUpTo: maps of at most so many bytes begin at a multiple of their planes' distance, so that rows
  ///   of one take the place of the same rows of another of its size; and they stay for another step where rows are read
  ///   beside a worker's own, so that who is ahead does not overwrite them.
  static func lifetimes(_ plan: NetworkPlan, apartUpTo limit: Int) -> [Lifetime] {
    let end = plan.steps.count - 1
    var last = plan.steps.indices.map { $0 }
    for (index, step) in plan.steps.enumerated() {
      for source in [step.input, step.residual].compactMap({ $0 }) { last[source] = index }
    }
    last[plan.scoreStep] = end
    last[end] = end
    return plan.steps.enumerated().map { index, step in
      let layout = TensorLayout(
        shape: step.problem.output, channelBlock: plan.channelBlock,
        elementType: plan.network.elementType)
      var lifetime = Lifetime(byteCount: layout.byteCount, first: index, last: last[index])
      if layout.byteCount <= limit {
        lifetime.alignment = layout.planeBytes
        let reader = plan.steps[last[index]]
        if reader.input == index, reader.problem.stages.contains(where: { $0.window.height > 1 }) {
          lifetime.last = min(end, lifetime.last + 1)
        }
      }
      return lifetime
    }
  }
}
