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

    fileprivate var paddedBytes: Int { (byteCount + 63) / 64 * 64 }
  }

  /// Bytes from the arena's start, in the order of the lifetimes; multiples of 64.
  public let offsets: [Int]
  public let byteCount: Int

  public init(_ lifetimes: [Lifetime]) { self.init(lifetimes, beside: []) }

  /// - Parameters:
  ///   - fixed: tensors that have their place already.
  ///   - middle: a multiple of 64, to which the tensors are to lie as close as they find room before the end of what is there;
  ///     and each in the place of the one of its size that is needed next. They are then aligned to 64 bytes alone.
  init(
    _ lifetimes: [Lifetime], beside fixed: [(lifetime: Lifetime, offset: Int)],
    around middle: Int? = nil
  ) {
    precondition(
      middle == nil || lifetimes.allSatisfy { $0.alignment == 64 }, "aligned tensors in the middle")
    var places = fixed
    var offsets = [Int](repeating: 0, count: lifetimes.count)
    var total = fixed.map { $0.offset + $0.lifetime.byteCount }.max() ?? 0
    // A place is taken over from the tensor that is needed next: so that one has to have its own already.
    let turn = middle == nil ? 1 : -1
    let largestFirst = lifetimes.indices.sorted {
      (-lifetimes[$0].byteCount, turn * $0) < (-lifetimes[$1].byteCount, turn * $1)
    }
    for tensor in largestFirst {
      let lifetime = lifetimes[tensor]
      let gaps = Gaps(
        between: places.filter { $0.lifetime.overlaps(lifetime) }
          .map { $0.offset..<($0.offset + $0.lifetime.byteCount) })
      let preferred = middle.flatMap {
        Self.placeOfNext(lifetime, gaps, places[fixed.count...])
          ?? gaps.closest(to: $0, lifetime.paddedBytes, end: total)
      }
      let offset =
        preferred ?? gaps.first(lifetime.paddedBytes, alignment: lifetime.alignment)
      offsets[tensor] = offset
      places.append((lifetime, offset))
      total = max(total, offset + lifetime.paddedBytes)
    }
    self.offsets = offsets
    byteCount = total
  }

  private static func placeOfNext(
    _ lifetime: Lifetime, _ gaps: Gaps, _ places: ArraySlice<(lifetime: Lifetime, offset: Int)>
  ) -> Int? {
    places.filter {
      $0.lifetime.byteCount == lifetime.byteCount && lifetime.last < $0.lifetime.first
        && gaps.hold(lifetime.paddedBytes, at: $0.offset)
    }.min { $0.lifetime.first < $1.lifetime.first }?.offset
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

  /// - Parameters:
  ///   - chains: of steps that take turns band by band.
  ///   - select: what is to be placed, of all steps' lifetimes in their order.
  init(_ plan: NetworkPlan, chains: [Range<Int>] = [], select: ([Lifetime]) -> [Lifetime]) {
    let tight = Self.lifetimes(plan, chains: chains, apartUpTo: 0)
    self.init(select(tight))
    if plan.workers == 1 { return }
    for byteCount in Set(tight.map(\.byteCount)).sorted(by: >) {
      let apart = MemoryPlan(select(Self.lifetimes(plan, chains: chains, apartUpTo: byteCount)))
      if apart.byteCount <= self.byteCount {
        self = apart
        return
      }
    }
  }

  /// - Parameters:
  ///   - chains: what their steps write is there from their first step on, and so beside all that any of them reads.
  ///   - apartUpTo: maps of at most so many bytes begin at a multiple of their planes' distance, so that rows
  ///     of one take the place of the same rows of another of its size; and they stay for another step where rows are read
  ///     beside a worker's own, so that who is ahead does not overwrite them.
  static func lifetimes(
    _ plan: NetworkPlan, chains: [Range<Int>], apartUpTo limit: Int
  ) -> [Lifetime] {
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
      if let chain = chains.first(where: { $0.contains(index) }) {
        lifetime.first = chain.lowerBound
      }
      return lifetime
    }
  }
}
