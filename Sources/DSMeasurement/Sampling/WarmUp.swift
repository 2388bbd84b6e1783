/// Runs until blocks stop getting faster: caches, page tables and the clock rate have settled.
public struct WarmUp: Sendable, Equatable {
  /// Blocks that were run.
  public var blocks: Int

  /// Ends after `patience` blocks in a row that are no faster than the fastest so far by 1 %, or when `shouldStop`, asked
  /// after each, says so.
  @discardableResult
  public init(
    clock: Clock = .monotonic, iterations: Int, patience: Int = 3, maximumBlocks: Int = 50,
    shouldStop: () -> Bool = { false }, run: (Int) -> Void
  ) {
    precondition(patience > 0 && maximumBlocks > 0, "\(patience) of \(maximumBlocks) blocks")
    var (fastest, idle) = (Double.infinity, 0)
    blocks = 0
    while blocks < maximumBlocks, idle < patience {
      let time = Double(clock.time { run(iterations) })
      idle = time < fastest * 0.99 ? 0 : idle + 1
      fastest = min(fastest, time)
      blocks += 1
      if shouldStop() { break }
    }
  }
}
