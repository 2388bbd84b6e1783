/// The ratio that identical code reaches against itself (A/A): below it no gain may be claimed.
public struct NoiseFloor: Sendable, Equatable {
  /// At least 1.
  public var ratio: Double

  public init(ratio: Double) {
    precondition(ratio >= 1, "noise floor \(ratio)")
    self.ratio = ratio
  }

  /// The farthest end of the interval of two copies timed in pairs; `nil` where there are too few
  /// pairs for the confidence.
  public init?(_ pairs: PairedRatio) {
    guard pairs.isSufficient else { return nil }
    ratio = max(1, pairs.high, 1 / pairs.low)
  }

  /// Times one thing as two candidates, alternating which of them goes first.
  ///
  /// - Parameters:
  ///   - shouldStop: As `PairedRace.run` has it.
  ///   - prepare: As `PairedRace.prepare`.
  ///   - run: Runs copy `$0`, 0 or 1, `$1` times. Two things prepared alike, but separately,
  ///     differ by where they lie in memory as well, as two candidates do.
  /// - Returns: `nil` if `shouldStop` ended it before there were enough pairs.
  public init?(
    timer: BlockTimer, iterations: Int, rounds: Int = 24, confidence: Double = 0.95,
    shouldStop: () -> Bool = { false }, prepare: (_ copy: Int) -> Void = { _ in },
    run: (_ copy: Int, _ iterations: Int) -> Void
  ) {
    var times: [[Double]] = [[], []]
    rounds: for round in 0..<rounds where !shouldStop() {
      var pair = [0.0, 0.0]
      for position in 0..<2 {
        let copy = (round + position) % 2
        prepare(copy)
        let block = timer.time(candidate: copy, round: round, iterations: iterations) {
          run(copy, $0)
        }
        // It may have been cut short.
        if shouldStop() { break rounds }
        pair[copy] = block.nanosecondsPerRun
      }
      for copy in 0..<2 { times[copy].append(pair[copy]) }
    }
    guard let pairs = PairedRatio(times[0], over: times[1], confidence: confidence) else {
      return nil
    }
    self.init(pairs)
  }
}
