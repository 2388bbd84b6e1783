import DSCore

/// Where each step's output lies in a session's arena: in one piece, or a slice or ring for each worker in that worker's
/// own region.
///
/// Regions lie one after the other, and maps in one piece lie where no slice is needed meanwhile. So a worker's slices
/// and rings take only the place of those of its own, and their cache lines stay its own.
///
/// Where that makes the arena no larger than slices do or whole maps would, what depthwise and pooling layers read and
/// write in one piece, cut by channels, lies across the middle: with two workers, either's half in its own region. These maps take turns. What a depthwise layer
/// writes is then read by both; the product that comes next takes that place and has the time to get these lines back, and
/// its depthwise layer finds lines that are its worker's own. Fetching them for writing earlier does not get them back:
/// where a cache has a line that others have too, `prefetchw` does nothing on Zen 4. All other maps lie beside these, as
/// every worker reads what others have written there.
package struct ArenaPlan: Sendable {
  package let byteCount: Int
  /// Of each step's output, one offset for each worker; the same ones where it lies in one piece.
  private let offsets: [[Int]]

  /// - Parameters:
  ///   - ownLayouts: for each step, what each worker keeps of its output for itself; `nil` where it lies in one piece.
  ///   - chains: of steps that take turns band by band.
  ///   - rowParts: in how many parts each step's workers cut its rows.
  init(
    _ plan: NetworkPlan, ownLayouts: [[TensorLayout]?], chains: [Range<Int>], rowParts: [Int]
  ) {
    let steps = plan.steps.indices
    let whole = steps.filter { ownLayouts[$0] == nil }
    if whole.count == steps.count {
      let memory = MemoryPlan(plan)
      offsets = memory.offsets.map { [Int](repeating: $0, count: plan.workers) }
      byteCount = memory.byteCount
      return
    }
    let regions = (0..<plan.workers).map { worker in
      MemoryPlan(plan, chains: chains) { Self.select($0, ownLayouts, worker) }
    }
    let regionBytes = ((regions.map(\.byteCount).max() ?? 0) + 4095) / 4096 * 4096
    let lifetimes = MemoryPlan.lifetimes(plan, chains: chains, apartUpTo: 0)
    var fixed: [(lifetime: MemoryPlan.Lifetime, offset: Int)] = []
    var offsets = [[Int]](repeating: [], count: steps.count)
    for (worker, region) in regions.enumerated() {
      let own = Self.select(lifetimes, ownLayouts, worker)
      for (step, (lifetime, offset)) in zip(
        steps.filter { ownLayouts[$0] != nil }, zip(own, region.offsets))
      {
        offsets[step].append(worker * regionBytes + offset)
        fixed.append((lifetime, worker * regionBytes + offset))
      }
    }
    let lowest = MemoryPlan(whole.map { lifetimes[$0] }, beside: fixed)
    let middle = plan.workers * regionBytes / 2
    let central = Self.central(
      whole, lifetimes, takesTurns: Self.turns(plan, rowParts), beside: fixed, middle: middle)
    let isCentral =
      plan.workers > 1
      && central.byteCount <= max(lowest.byteCount, MemoryPlan(plan).byteCount)
    for (step, offset) in zip(whole, isCentral ? central.offsets : lowest.offsets) {
      offsets[step] = [Int](repeating: offset, count: plan.workers)
    }
    self.offsets = offsets
    byteCount = isCentral ? central.byteCount : lowest.byteCount
  }

  /// Whether each step's output is cut by channels, and written or read by a layer whose channels are apart.
  private static func turns(_ plan: NetworkPlan, _ rowParts: [Int]) -> [Bool] {
    let isApart = plan.steps.map { step in
      [.depthwise, .maximumPooling, .averagePooling].contains(step.problem.operation)
    }
    var turns = isApart
    for (index, step) in plan.steps.enumerated() where isApart[index] {
      if let input = step.input { turns[input] = true }
    }
    return zip(turns, rowParts).map { $0 && $1 == 1 }
  }

  /// Maps that take turns across the middle, the others beside them; offsets in the order of `whole`.
  private static func central(
    _ whole: [Int], _ lifetimes: [MemoryPlan.Lifetime], takesTurns: [Bool],
    beside slices: [(lifetime: MemoryPlan.Lifetime, offset: Int)], middle: Int
  ) -> (offsets: [Int], byteCount: Int) {
    var placed = slices
    var places: [Int: Int] = [:]
    var byteCount = 0
    for areInTurn in [true, false] {
      let maps = whole.filter { takesTurns[$0] == areInTurn }
      let memory = MemoryPlan(maps.map { lifetimes[$0] }, beside: placed, around: middle)
      for (step, offset) in zip(maps, memory.offsets) {
        places[step] = offset
        // Lines of all workers alternate in the maps to come: they are kept off these places even while they are free.
        let always = MemoryPlan.Lifetime(
          byteCount: lifetimes[step].byteCount, first: 0, last: lifetimes.count - 1)
        placed.append((always, offset))
      }
      byteCount = memory.byteCount
    }
    return (whole.map { places[$0] ?? 0 }, byteCount)
  }

  /// Bytes from the arena's start to the output of a step: to a worker's slice or ring where it has one.
  package func offset(step: Int, worker: Int = 0) -> Int { offsets[step][worker] }

  /// The lifetimes of one worker's slices and rings.
  private static func select(
    _ lifetimes: [MemoryPlan.Lifetime], _ ownLayouts: [[TensorLayout]?], _ worker: Int
  ) -> [MemoryPlan.Lifetime] {
    zip(lifetimes, ownLayouts).compactMap { lifetime, layouts in
      layouts.map {
        MemoryPlan.Lifetime(
          byteCount: $0[worker].byteCount, first: lifetime.first, last: lifetime.last)
      }
    }
  }
}
