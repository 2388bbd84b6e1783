import CSystem
import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule

extension Tuner {
  /// Of the time limit, what the ladder at the end may take.
  var ladderReserve: Double { min(Self.ladderSeconds, 0.1 * (request.seconds ?? .infinity)) }

  private static let ladderSeconds = 1.5
  /// A rung whose inference takes no more than this part of its time is timed as a whole.
  private static let wholeShare = 0.25

  /// Times the rungs below the default, and what the threads multiply and add at best, or takes them from the record.
  ///
  /// - Returns: `nil` where there is neither a record nor time.
  func climbLadder() -> LadderRecord? {
    if let earlier = recorded.ladder { return earlier }
    if request.isReplay || isStopping { return nil }
    let seconds = min(Self.ladderSeconds, remainingSeconds)
    let record = LadderRecord(
      rungs: [
        climb("naive", methods: [.naive], seconds: 0.5 * seconds),
        climb("tiled", methods: [.naive, .tiled], seconds: 0.3 * seconds),
      ].compactMap(\.self),
      peakGigaflops: peakGigaflops(seconds: 0.15 * seconds))
    journal?.append(record.journal)
    return record
  }

  // MARK: - Rungs

  private struct Layer {
    let problem: Problem
    let kernel: Kernel
    /// How often an inference runs it.
    let runs: Double
  }

  /// - Parameter methods: of which each layer has the last one that it can.
  private func climb(
    _ name: String, methods: [KernelMethod], seconds: Double
  ) -> LadderRecord.Rung? {
    let deadline = ClockTime.deadline(max(0, seconds) * 1e9, after: cs_monotonic_ns())
    let layers = request.network.problems.compactMap { entry -> Layer? in
      registry.kernels(for: entry.problem, upTo: .baseline, workers: 1)
        .last { methods.contains($0.method) }
        .map {
          Layer(
            problem: entry.problem, kernel: $0,
            runs: Double(entry.count * request.network.microBatchCount))
        }
    }
    guard layers.count == request.network.problems.count,
      let alone = timesAlone(layers, until: deadline)
    else { return nil }
    let isQuick = alone.nanoseconds * 1e-9 < Self.wholeShare * seconds
    if isQuick, let nanoseconds = wholeNanoseconds(layers, until: deadline) {
      return .init(
        name: name, milliseconds: (nanoseconds / 1e6).roundedForFile, basis: .wholeNetwork)
    }
    return .init(
      name: name, milliseconds: (alone.nanoseconds / 1e6).roundedForFile, basis: alone.basis)
  }

  /// One run of each layer's kernel, the smallest first. What would not end in time is expected at the rate of those of its
  /// operator that were timed, or else of all. `nil` where there is no memory for one.
  private func timesAlone(
    _ layers: [Layer], until deadline: UInt64
  ) -> (nanoseconds: Double, basis: NetworkRung.Basis)? {
    var rates: [Operator?: (multiplyAdds: Double, nanoseconds: Double)] = [:]
    var total = 0.0
    var basis = NetworkRung.Basis.kernels
    for layer in layers.sorted(by: { $0.problem.multiplyAdds < $1.problem.multiplyAdds }) {
      let multiplyAdds = Double(layer.problem.multiplyAdds)
      let known = rates[layer.problem.operation] ?? rates[nil]
      let expected = known.map { multiplyAdds * $0.nanoseconds / $0.multiplyAdds }
      let left = Double(deadline) - Double(cs_monotonic_ns())
      if basis == .someKernels || isStopping || (expected ?? 0) > left {
        guard let expected else { return nil }
        basis = .someKernels
        total += layer.runs * expected
        continue
      }
      guard
        let run = try? SimpleKernelRun(layer.kernel, layer.problem, channelBlock: channelBlock)
      else { return nil }
      let nanoseconds = Double(run.nanoseconds)
      total += layer.runs * nanoseconds
      guard multiplyAdds > 0 else { continue }
      for key in [layer.problem.operation, nil] {
        let sum = rates[key] ?? (0, 0)
        rates[key] = (sum.multiplyAdds + multiplyAdds, sum.nanoseconds + nanoseconds)
      }
    }
    return (total, basis)
  }

  /// The median of a few inferences; `nil` where there is no memory for a session.
  private func wholeNanoseconds(_ layers: [Layer], until deadline: UInt64) -> Double? {
    let choices = layers.map { layer in
      (layer.problem, KernelChoice(kernel: layer.kernel, values: KernelParameters(), workers: 1))
    }
    return withSession(Dictionary(uniqueKeysWithValues: choices)) { session, image in
      image.withUnsafeBytes { bytes -> Double? in
        guard let base = bytes.baseAddress else { return nil }
        _ = session.timedRun(base)
        var nanoseconds: [Double] = []
        repeat {
          nanoseconds.append(Double(session.timedRun(base)))
        } while nanoseconds.count < Self.mostRuns && cs_monotonic_ns() < deadline
        return SortedSample(nanoseconds)?.median
      }
    }
  }

  private static let mostRuns = 25

  // MARK: - The peak

  /// Between inferences of the default, so that the clock is that of the network.
  private func peakGigaflops(seconds: Double) -> Double? {
    guard let probe = ArithmeticProbe(upTo: request.instructionSet, pool: pool) else { return nil }
    let enough = min(seconds, Double(Self.mostRuns) * 5 * expectedInferenceSeconds)
    return withSession([:]) { session, image in
      NetworkTiming(session, image: image, seconds: enough, probe: probe).peakGigaflops?
        .roundedForFile
    }
  }

  private func withSession(
    _ choices: [Problem: KernelChoice], _ body: (Session, _ image: [Float]) -> Double?
  ) -> Double? {
    let weights = SeededWeights(seed: request.seed)
    guard let plan = try? plan(choices), let session = try? sessions(for: [plan])?.first,
      let image = try? weights.checkedInput(shape: request.network.input)
    else { return nil }
    return body(session, image)
  }
}
