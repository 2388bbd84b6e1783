import DSCommandLine
import DSCore
import DSMeasurement
import DSNetworks
import DSRuntime
import DSReporting
import DSSchedule
import DSTuning

/// What `dsbench run` prints of a measured network.
struct RunReport {
  let timing: NetworkTiming
  let prepared: PreparedNetwork
  let machine: BenchMachine
  let schedule: String?
  let throughput: Throughput?
  /// Before and after.
  let barrierNanoseconds: [Double]
  let layers: [LayerRoof]
  let sample: SortedSample
  let interval: MedianInterval

  init(
    _ timing: NetworkTiming, prepared: PreparedNetwork, machine: BenchMachine, schedule: String?,
    throughput: Throughput?, barrierNanoseconds: [Double]
  ) {
    let milliseconds = timing.runMicroseconds.map { $0 / 1000 }
    guard let sample = SortedSample(milliseconds),
      let interval = MedianInterval(runToRunTimes: milliseconds)
    else {
      preconditionFailure("a timing of \(prepared.network.name) without runs")
    }
    self.timing = timing
    self.prepared = prepared
    self.machine = machine
    self.schedule = schedule
    self.throughput = throughput
    self.barrierNanoseconds = barrierNanoseconds
    self.sample = sample
    self.interval = interval
    let workers = prepared.plan.workers
    layers = prepared.plan.steps.indices.map { index in
      LayerRoof(
        prepared.plan.steps[index], in: prepared.chains.first { $0.steps.contains(index) },
        runs: prepared.network.microBatchCount, microseconds: timing.stepMicroseconds[index],
        machine: machine, peakGigaflops: timing.peakGigaflops.map { $0 / Double(workers) })
    }
  }

  var plan: NetworkPlan { prepared.plan }
  var peakGigaflops: Double { timing.peakGigaflops ?? .nan }
  var gigaflops: Double { Double(plan.flops) / sample.median / 1e6 }
  var explained: Double {
    timing.stepMicroseconds.reduce(0, +) / timing.profiledMicroseconds
  }
  var imagesPerSecond: Double {
    throughput?.imagesPerSecond ?? Double(plan.network.batch) * 1000 / sample.median
  }

  private var batch: String {
    let network = plan.network
    if network.batch == 1 { return "" }
    let parts =
      network.microBatchCount == 1 ? "" : " in micro-batches of \(network.microBatch)"
    return ", \(network.batch) images\(parts)"
  }

  /// What the samples themselves, and the barriers, give reason to doubt.
  var doubts: [MeasurementDoubt] {
    // Where the roofs were measured with other threads their barrier says nothing of these.
    let crew = machine.roofs.crew
    let kept = crew.workers == plan.workers ? crew.barrierNanoseconds : nil
    let width =
      interval.isTooWide
      ? [MeasurementDoubt.wideInterval(low: interval.low, high: interval.high, unit: "ms")] : []
    return MeasurementDoubt.doubts(inSamples: timing.runMicroseconds.map { $0 * 1000 }) + width
      + MeasurementDoubt.doubts(
        barrierNanoseconds: barrierNanoseconds + (kept.map { [$0] } ?? []),
        pattern: machine.processors.count == plan.workers ? machine.pattern : nil,
        on: machine.topology.description)
  }

  var summary: String {
    func milliseconds(_ value: Double) -> String { Quantity.fixed(value, decimals: 3) }
    let range =
      interval.isTooWide
      ? "undecided: known no better than to a factor of two"
      : "\(milliseconds(interval.low))–\(milliseconds(interval.high))"
    let latency =
      "\(plan.network.name)\(batch), \(plan.workers) thread\(plan.workers == 1 ? "" : "s"): median "
      + "\(milliseconds(sample.median)) ms (\(range)), min \(milliseconds(sample.minimum)), p90 "
      + "\(milliseconds(sample.quantile(0.9))), p99 \(milliseconds(sample.quantile(0.99))), first "
      + "\(milliseconds(timing.firstMicroseconds / 1000)) (\(sample.count) runs)"
    let rate =
      "\(Quantity.fixed(gigaflops, decimals: 1)) GFLOP/s, "
      + "\(Quantity.percent(gigaflops / peakGigaflops)) of the peak of "
      + "\(Quantity.fixed(peakGigaflops, decimals: 1)) measured in between; layers explain "
      + Quantity.percent(explained)
    var memory =
      "activations \(Quantity.bytes(prepared.activationByteCount)), packed weights "
      + Quantity.bytes(prepared.packedWeightByteCount)
    if let resident = ResidentMemory.currentBytes {
      memory += ", resident \(Quantity.bytes(resident))"
    }
    if plan.workers > 1 {
      memory +=
        "; a barrier takes "
        + barrierNanoseconds.map { "\(Int($0.rounded()))" }.joined(separator: " and ") + " ns"
    }
    let streams = throughput.map {
      "\($0.streams) streams: \(Quantity.fixed($0.imagesPerSecond, decimals: 1)) images/s"
    }
    let others = [savedProducts, counts.sentence, streams].compactMap { $0 }
    return ([latency, rate, memory] + chains + others).joined(separator: "\n")
  }

  /// The peak is that of multiply-adds: where some are not done, the part of it says more than the units reach.
  private var savedProducts: String? {
    let count = plan.steps.count { !$0.choice.kernel.multipliesAsWritten }
    if count == 0 { return nil }
    let done = Double(2 * plan.multiplyAddsDone) / Double(plan.flops)
    let reached = Quantity.percent(done * gigaflops / peakGigaflops)
    return "\(count) products by Strassen's algorithm: \(Quantity.percent(1 - done)) of the "
      + "multiply-adds counted above are not done, the others are \(reached) of the peak"
  }

  private var chains: [String] {
    prepared.chains.map { chain in
      let steps = plan.steps[chain.steps]
      let names = [steps.first, steps.last].compactMap { $0?.name }.joined(separator: " to ")
      return "\(names): \(chain.bands) bands of rows, each through all of them"
    }
  }

  var counts: InferenceCounts {
    InferenceCounts(timing.counts, inferences: timing.runMicroseconds.count)
  }

  var table: Table {
    var table = Table(columns: [
      .init("layer", minimumWidth: 8), .init("problem", priority: 2, minimumWidth: 12),
      .init("kernel", priority: 1, minimumWidth: 12), .init("µs", alignment: .right),
      .init("%", alignment: .right), .init("Σ %", alignment: .right, priority: 3),
      .init("GFLOP/s", alignment: .right, priority: 6),
      .init("% of roof", alignment: .right, priority: 5),
      .init("roof", priority: 4, isDescriptive: true),
    ])
    var cumulative = 0.0
    for (step, layer) in zip(plan.steps, layers) {
      cumulative += layer.microseconds
      table.append([
        step.name, step.problem.key, step.choice.label,
        Quantity.fixed(layer.microseconds, decimals: 1),
        Quantity.fixed(100 * layer.microseconds / timing.profiledMicroseconds, decimals: 1),
        Quantity.fixed(100 * cumulative / timing.profiledMicroseconds, decimals: 1),
        Quantity.fixed(layer.gigaflops, decimals: 1),
        Quantity.fixed(layer.percentOfRoof, decimals: 0), layer.bound,
      ])
    }
    return table
  }
}
