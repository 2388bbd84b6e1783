import CSystem
import DSCore
import DSKernels
import DSMeasurement
import DSRuntime
import DSSchedule

extension Tuner {
  /// Above this the noise is so high that the user should know before the end.
  private static let quietFloor = MeasurementDoubt.noiseFloorLimit

  // MARK: - Noise

  /// How the same code differs from itself here, on the costliest problem.
  func measureNoise(_ spaces: [SearchSpace]) throws(RuntimeError) {
    if let ratio = recorded.noiseFloor {
      noiseFloor = max(1, ratio)
    } else if let space = spaces.first, !request.isReplay, !isStopping {
      let bench = try TrialBench(
        space.problem, channelBlock: channelBlock, pool: pool, seed: request.seed)
      // Packed twice, as two candidates would be: where weights and scratch lie makes a difference.
      let copies = [
        try bench.prepare(space.reference, rotationBytes: rotationBytes),
        try bench.prepare(space.reference, rotationBytes: rotationBytes),
      ]
      let isStopping = { [self] in self.isStopping }
      for copy in copies where !isStopping() {
        WarmUp(iterations: 1, shouldStop: isStopping) { copy.run(iterations: $0) }
      }
      if !isStopping(), let floor = copiesFloor(copies, isStopping) {
        noiseFloor = floor.ratio
        journal?.append(noise: noiseFloor)
      }
    }
    report(.noise(ratio: noiseFloor))
    if noiseFloor > Self.quietFloor {
      report(
        .warning(
          "identical code differs from itself by up to \(percent(noiseFloor)) here: smaller gains "
            + "cannot be seen; stop other programs, or use --effort patient"))
    }
  }

  private func copiesFloor(
    _ copies: [TrialRun], _ isStopping: @escaping () -> Bool
  ) -> NoiseFloor? {
    let calibration = BlockCalibration(shouldStop: isStopping) {
      copies[0].run(iterations: $0, shouldStop: isStopping)
    }
    return NoiseFloor(
      timer: BlockTimer(), iterations: calibration.iterations, rounds: 150, shouldStop: isStopping
    ) { copies[$0].run(iterations: $1, shouldStop: isStopping) }
  }

  private func percent(_ ratio: Double) -> String { "\(((ratio - 1) * 1000).rounded() / 10) %" }

  // MARK: - Racing

  /// Times the candidates of a problem, or goes on with their recorded race. Without time, or in a
  /// replay, only recorded rounds count.
  ///
  /// - Throws: `RuntimeError.outOfMemory` where there is not enough for a single candidate.
  func race(_ space: SearchSpace) throws(RuntimeError) -> ProblemResult {
    // A race of other candidates, of other kernels or rules, says nothing about these.
    let earlier = recorded.races[space.problem.key].flatMap { race in
      entrants(space, race).map { (race: race, entrants: $0) }
    }
    let isLost = isStopping || request.isReplay
    if let earlier, earlier.race.isFinished || isLost {
      return decide(space, earlier.race, earlier.entrants)
    }
    if isLost { return predicted(space) }
    let bench = try TrialBench(
      space.problem, channelBlock: channelBlock, pool: pool, seed: request.seed)
    guard let earlier else { return try race(space, on: bench) }
    var runs: [TrialRun] = []
    for candidate in earlier.entrants {
      runs.append(try bench.prepare(candidate, rotationBytes: rotationBytes))
    }
    return race(space, runs, continuing: earlier.race)
  }

  /// The candidates that a recorded race had, the reference first; `nil` if they are not this space's.
  private func entrants(
    _ space: SearchSpace, _ race: RecordedTrials.Race
  ) -> [Candidate]? {
    let valid = space.candidates.filter { !race.invalid.contains($0.label) }
    var rest = valid[...]
    var entrants: [Candidate] = []
    for label in race.candidates {
      guard let index = rest.firstIndex(where: { $0.label == label }) else { return nil }
      entrants.append(rest[index])
      rest = rest[(index + 1)...]
    }
    guard let first = entrants.first, first.label == valid.first?.label, race.iterations != nil
    else { return nil }
    return entrants
  }

  /// Lets every candidate prove itself, and begins a race of as many as can be told apart in time. Where the time is over
  /// before the race begins, nothing is known of the problem.
  private func race(
    _ space: SearchSpace, on bench: TrialBench
  ) throws(RuntimeError) -> ProblemResult {
    let isStopping = { [self] in self.isStopping }
    var runs: [TrialRun] = []
    var record = RecordedTrials.Race()
    for candidate in space.candidates {
      guard let run = try prepared(candidate, of: space, on: bench, isNeeded: runs.isEmpty) else {
        break
      }
      guard !isStopping(), let verdict = bench.verify(run, shouldStop: isStopping) else {
        return predicted(space)
      }
      if verdict.isCorrect {
        runs.append(run)
      } else {
        record.invalid.insert(candidate.label)
        report(
          .warning("\(candidate.label) computes '\(space.problem.key)' wrongly and was left out"))
      }
    }
    guard !runs.isEmpty else { return predicted(space) }
    var runSeconds: [Double] = []
    for run in runs where !isStopping() { runSeconds.append(seconds(run)) }
    if isStopping() { return predicted(space) }
    let iterations = BlockCalibration(minimumNanoseconds: 250_000, shouldStop: isStopping) {
      runs[0].run(iterations: $0, shouldStop: isStopping)
    }.iterations
    if isStopping() { return predicted(space) }
    let seconds = min(request.effort.raceSeconds(isMajor: space.isMajor), remainingSeconds)
    let field = RaceField(
      blockSeconds: runSeconds.map { $0 * Double(iterations) },
      rules: rules(seconds: seconds, isMajor: space.isMajor), seconds: seconds)
    runs.removeSubrange(field.candidates...)
    record.iterations = iterations
    record.candidates = runs.map(\.candidate.label)
    record.seconds = field.seconds
    journal?.append(race: space.problem.key, record)
    return race(space, runs, continuing: record)
  }

  /// A candidate beside those that are ready; `nil` where memory holds no more of them, which is said.
  private func prepared(
    _ candidate: Candidate, of space: SearchSpace, on bench: TrialBench, isNeeded: Bool
  ) throws(RuntimeError) -> TrialRun? {
    do throws(RuntimeError) {
      return try bench.prepare(candidate, rotationBytes: rotationBytes)
    } catch {
      if isNeeded { throw error }
      report(
        .warning(
          "not all candidates of '\(space.problem.key)' were timed: \(error.description)"))
      return nil
    }
  }

  /// Of one run, the caches as the check left them.
  private func seconds(_ run: TrialRun) -> Double {
    let start = cs_monotonic_ns()
    run.run(iterations: 1)
    return Double(max(1, ClockTime.elapsed(from: start, to: cs_monotonic_ns()))) / 1e9
  }

  private func race(
    _ space: SearchSpace, _ runs: [TrialRun], continuing record: RecordedTrials.Race
  ) -> ProblemResult {
    let key = space.problem.key
    let seconds = max(
      request.effort.raceSeconds(isMajor: space.isMajor), record.seconds ?? 0)
    var race = PairedRace(
      rules: rules(seconds: min(seconds, remainingSeconds), isMajor: space.isMajor))
    race.recorded = record.rounds(among: runs.count)
    race.observe = { [journal] round in journal?.append(race: key, round: round) }
    let isStopping = { [self] in self.isStopping }
    let outcome = race.run(
      costs: runs.map { cost($0.candidate, space.problem) }, iterations: record.iterations ?? 1,
      shouldStop: isStopping
    ) { candidate, count in
      runs[candidate].run(iterations: count, shouldStop: isStopping)
    }
    if outcome.ending != .interrupted { journal?.append(finished: key) }
    return result(space, runs.map(\.candidate), record, outcome)
  }

  /// What recorded trials say, without running anything.
  private func decide(
    _ space: SearchSpace, _ record: RecordedTrials.Race, _ entrants: [Candidate]
  ) -> ProblemResult {
    var race = PairedRace(rules: rules(seconds: 3600, isMajor: space.isMajor))
    race.recorded = record.rounds(among: entrants.count)
    let outcome = race.run(
      costs: entrants.map { cost($0, space.problem) }, iterations: record.iterations ?? 1,
      shouldStop: { true }
    ) { _, _ in }
    return result(space, entrants, record, outcome, isComplete: record.isFinished)
  }

  private func result(
    _ space: SearchSpace, _ raced: [Candidate], _ record: RecordedTrials.Race,
    _ outcome: PairedRace.Outcome, isComplete: Bool? = nil
  ) -> ProblemResult {
    guard outcome.times.rounds > 0 else { return predicted(space) }
    return ProblemResult(
      space, raced: raced,
      invalid: space.candidates.filter { record.invalid.contains($0.label) }, outcome: outcome,
      rules: rules(seconds: 0, isMajor: space.isMajor),
      isComplete: isComplete ?? (outcome.ending != .interrupted))
  }

  private func cost(_ candidate: Candidate, _ problem: Problem) -> CandidateCost {
    let scratch = candidate.kernel.scratchBytesPerWorker(
      problem, candidate.values, channelBlock: channelBlock)
    return CandidateCost(
      threads: candidate.workers, workspaceBytes: scratch * candidate.workers,
      name: candidate.label, predictedMicroseconds: candidate.predictedMicroseconds)
  }

  /// The whole interval of a problem's gain must lie above it: what is smaller is found by one run and not
  /// by the next, and may be where in memory a copy lies.
  static let smallestClaim = 1.005

  func rules(seconds: Double, isMajor: Bool = false) -> RaceRules {
    var rules = RaceRules()
    rules.noiseFloor = max(noiseFloor, Self.smallestClaim)
    rules.maximumRounds = request.maximumRounds ?? request.effort.maximumRounds(isMajor: isMajor)
    rules.maximumNanoseconds = UInt64(max(0, min(seconds, 3600)) * 1e9)
    rules.seed = request.seed
    rules.grossRatio = 1.5
    return rules
  }
}
