import DSCore

/// Races the ladders of several problems in passes: in each of them every problem has some rounds, one problem
/// after the other, until the time is over. The samples of a problem so lie over the whole measurement, and
/// a slow phase of the machine is a part of all problems instead of the whole of some.
package struct LadderPasses {
  /// What each race's share of the time is in proportion to.
  let weights: [Double]
  let clock: Clock
  package private(set) var races: [LadderRace] = []

  /// - Parameter clock: that of the races' timers.
  package init(weights: [Double], clock: Clock = .monotonic) {
    precondition(weights.allSatisfy { $0 > 0 }, "weights \(weights)")
    self.weights = weights
    self.clock = clock
  }

  /// - Parameters:
  ///   - deadline: The first pass is finished all the same, with one sample of each rung.
  ///   - shouldStop: Asked before each race of a pass, and before each round.
  ///   - prepare: Makes a race, in the first pass, just before it is run first, so that stopping early leaves
  ///     results; it is told how many nanoseconds the race may expect in all passes together.
  ///   - progress: Told before each race of a pass what part of all is behind.
  /// - Throws: What `prepare` does.
  package mutating func run<Failure: Error>(
    until deadline: UInt64, shouldStop: () -> Bool = { false },
    prepare: (_ index: Int, _ nanoseconds: Double) throws(Failure) -> LadderRace,
    progress: (_ index: Int, _ part: Double) -> Void = { _, _ in }
  ) throws(Failure) {
    let whole = weights.reduce(0, +)
    for pass in 0..<Passes.count {
      var behind = 0.0
      for (index, weight) in weights.enumerated() {
        let isLate = clock.now() >= deadline
        if shouldStop() || (isLate && pass > 0) { return }
        progress(index, (Double(pass) + behind / whole) / Double(Passes.count))
        let ahead = Double(Passes.count - pass) * whole - behind
        if pass == 0 {
          let share = Double(Passes.count) * weight / ahead
          races.append(try prepare(index, share * left(until: deadline)))
        }
        races[index].pass(
          nanoseconds: weight / ahead * left(until: deadline), until: deadline,
          shouldStop: shouldStop)
        behind += weight
      }
    }
  }

  /// Further passes of the races that are undecided, as long as they are and there is time: a pass that something disturbed
  /// is so made up for by a quieter one.
  ///
  /// - Parameters:
  ///   - limit: no pass begins after it.
  ///   - isUndecided: asked of each race before each of its passes.
  package mutating func extend(
    until limit: UInt64, shouldStop: () -> Bool = { false },
    isUndecided: (_ index: Int, _ race: LadderRace) -> Bool,
    progress: (_ index: Int, _ part: Double) -> Void = { _, _ in }
  ) {
    for pass in 0..<Passes.count {
      let open = races.indices.filter { isUndecided($0, races[$0]) }
      let whole = open.reduce(0) { $0 + weights[$1] }
      var behind = 0.0
      for index in open {
        if shouldStop() || clock.now() >= limit { return }
        progress(index, (Double(pass) + behind / whole) / Double(Passes.count))
        let ahead = Double(Passes.count - pass) * whole - behind
        races[index].pass(
          nanoseconds: weights[index] / ahead * left(until: limit), until: limit,
          shouldStop: shouldStop)
        behind += weights[index]
      }
      if open.isEmpty { return }
    }
  }

  private func left(until deadline: UInt64) -> Double {
    Double(ClockTime.elapsed(from: clock.now(), to: deadline))
  }
}
