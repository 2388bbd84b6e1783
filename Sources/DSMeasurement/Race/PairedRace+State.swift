extension PairedRace {
  /// A race under way.
  struct State {
    private let rules: RaceRules
    private let looks: Set<Int>
    private let confidence: Double
    private var times: RaceTimes
    private var eliminated: [Int?]
    private var order: RoundOrder
    private var blocks: [BlockRecord] = []
    private var dropped: [BlockRecord.DropReason] = []

    init(candidates: Int, rules: RaceRules) {
      self.rules = rules
      looks = Set(rules.looks(candidates: candidates))
      confidence = rules.intervalConfidence(candidates: candidates)
      times = RaceTimes(candidates: candidates)
      eliminated = Array(repeating: nil, count: candidates)
      order = RoundOrder(seed: rules.seed)
    }

    /// Rounds so far, dropped ones included.
    var roundCount: Int { times.rounds + dropped.count }

    private var survivors: [Int] { eliminated.indices.filter { eliminated[$0] == nil } }

    mutating func nextOrder() -> [Int] { order.next(survivors) }

    mutating func add(_ round: [BlockRecord]) {
      blocks += round
      if let reason = round.first?.dropReason {
        dropped.append(reason)
      } else {
        times.append(round.map { ($0.candidate, $0.nanosecondsPerRun) })
      }
    }

    /// Drops who has lost; says whether, and why, the race is over.
    mutating func look() -> Ending? {
      // A machine that never gives a valid round must not hold the race for ever.
      if roundCount >= 2 * rules.maximumRounds { return .rounds }
      if blocks.last?.dropReason != nil { return nil }
      if times.rounds == rules.grossRounds { dropGrosslySlower() }
      guard looks.contains(times.rounds) else { return nil }
      if dropSlower() { return .decided }
      return times.rounds >= rules.maximumRounds ? .rounds : nil
    }

    private var fastest: Int {
      RaceDecision.fastest(
        of: survivors,
        speedups: eliminated.indices.map { times.ratio(of: 0, over: $0, confidence: confidence) })
    }

    /// Too slow to need statistics: behind by a large factor in every single round.
    private mutating func dropGrosslySlower() {
      let fastest = fastest
      for candidate in survivors where candidate != 0 && candidate != fastest {
        let isSlower = zip(times.times(of: candidate), times.times(of: fastest))
          .allSatisfy { $0 > rules.grossRatio * $1 }
        if isSlower { eliminated[candidate] = times.rounds }
      }
    }

    /// Returns whether nothing is left to find out.
    private mutating func dropSlower() -> Bool {
      let fastest = fastest
      let band = max(rules.equivalence, rules.noiseFloor)
      var isDecided = true
      for candidate in survivors where candidate != fastest {
        guard let distance = times.ratio(of: candidate, over: fastest, confidence: confidence)
        else {
          continue
        }
        if distance.isAbove(rules.noiseFloor) {
          if candidate != 0 { eliminated[candidate] = times.rounds }
        } else if !distance.isWithin(band) {
          isDecided = false
        }
      }
      return isDecided
    }

    func outcome(costs: [CandidateCost], ending: Ending) -> Outcome {
      var doubts: [MeasurementDoubt] = []
      for reason in BlockRecord.DropReason.allCases {
        let count = dropped.count { $0 == reason }
        if count * 5 > roundCount {
          doubts.append(.droppedRounds(count: count, rounds: roundCount, reason: reason))
        }
      }
      let needed = MedianInterval.smallestCount(confidence: confidence)
      if costs.count > 1, times.rounds < needed {
        doubts.append(.fewSamples(count: times.rounds, needed: needed))
      }
      return Outcome(
        decision: RaceDecision(times: times, costs: costs, eliminated: eliminated, rules: rules),
        times: times, blocks: blocks, ending: ending, droppedRounds: dropped, doubts: doubts)
    }
  }
}
