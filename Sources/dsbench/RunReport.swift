import DSCommandLine
import DSCore
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// What `dsbench run` prints of a measured network.
struct RunReport {
  let timing: NetworkTiming
  let prepared: PreparedNetwork
  let machine: MeasuredMachine
  let schedule: String?

  init(
    _ timing: NetworkTiming, prepared: PreparedNetwork, machine: MeasuredMachine, schedule: String?
  ) {
    self.timing = timing
    self.prepared = prepared
    self.machine = machine
    self.schedule = schedule
  }

  private var plan: NetworkPlan { prepared.plan }
  private var sorted: [Double] { timing.runMicroseconds.sorted() }
  private func quantile(_ q: Double) -> Double {
    sorted[min(sorted.count - 1, Int(Double(sorted.count) * q))]
  }
  private var medianMicroseconds: Double { quantile(0.5) }
  private var peakGigaflops: Double {
    (machine.peakGigaflops ?? .nan) * Double(plan.workers)
  }
  private var gigaflops: Double { Double(plan.flops) / medianMicroseconds / 1000 }
  private var explained: Double {
    timing.stepMicroseconds.reduce(0, +) / timing.profiledMicroseconds
  }

  var summary: String {
    let latency =
      "\(plan.network.name), \(plan.workers) thread\(plan.workers == 1 ? "" : "s"): median "
      + "\(Quantity.fixed(medianMicroseconds / 1000, decimals: 3)) ms, min \(Quantity.fixed(sorted[0] / 1000, decimals: 3)), "
      + "p90 \(Quantity.fixed(quantile(0.9) / 1000, decimals: 3)), first "
      + "\(Quantity.fixed(timing.firstMicroseconds / 1000, decimals: 3)) (\(sorted.count) runs)"
    let rate =
      "\(Quantity.fixed(gigaflops, decimals: 1)) GFLOP/s, \(Quantity.fixed(100 * gigaflops / peakGigaflops, decimals: 1)) % "
      + "of the measured peak of \(Quantity.fixed(peakGigaflops, decimals: 1)); layers explain "
      + "\(Quantity.fixed(100 * explained, decimals: 1)) %; activations "
      + "\(Quantity.fixed(Double(prepared.activationByteCount) / 1e6, decimals: 2)) MB"
    return latency + "\n" + rate
  }

  var table: Table {
    var table = Table(columns: [
      .init("layer", minimumWidth: 8), .init("problem", priority: 2, minimumWidth: 12),
      .init("kernel", priority: 1, minimumWidth: 12), .init("µs", alignment: .right),
      .init("%", alignment: .right), .init("GFLOP/s", alignment: .right),
      .init("% of roof", alignment: .right), .init("bound"),
    ])
    for (index, step) in plan.steps.enumerated() {
      let layer = LayerRoof(step, microseconds: timing.stepMicroseconds[index], machine: machine)
      table.append([
        step.name, step.problem.key, step.choice.label,
        Quantity.fixed(layer.microseconds, decimals: 1),
        Quantity.fixed(100 * layer.microseconds / timing.profiledMicroseconds, decimals: 1),
        Quantity.fixed(layer.gigaflops, decimals: 1),
        Quantity.fixed(layer.percentOfRoof, decimals: 0), layer.bound,
      ])
    }
    return table
  }

  var json: JSONValue {
    .object([
      "model": .string(plan.network.name), "width": .number(plan.network.width),
      "resolution": .integer(plan.network.resolution), "batch": .integer(plan.network.batch),
      "threads": .integer(plan.workers), "isa": .string(plan.instructionSet.rawValue),
      "schedule": schedule.map(JSONValue.string) ?? .null,
      "latency_ms": .object([
        "median": .number(medianMicroseconds / 1000), "min": .number(sorted[0] / 1000),
        "p90": .number(quantile(0.9) / 1000), "p99": .number(quantile(0.99) / 1000),
        "first": .number(timing.firstMicroseconds / 1000), "samples": .integer(sorted.count),
      ]),
      "gflops": .number(gigaflops), "percent_of_peak": .number(100 * gigaflops / peakGigaflops),
      "peak_gflops": .number(peakGigaflops),
      "activation_bytes": .integer(prepared.activationByteCount),
      "weight_bytes": .integer(prepared.packedWeightByteCount),
      "layers_explain": .number(explained),
      "layers": .array(
        plan.steps.enumerated().map { index, step in
          let layer = LayerRoof(
            step, microseconds: timing.stepMicroseconds[index], machine: machine)
          return .object([
            "name": .string(step.name), "problem": .string(step.problem.key),
            "kernel": .string(step.choice.kernel.id),
            "parameters": .object(
              step.choice.kernel.named(step.choice.values).mapValues(JSONValue.integer)),
            "threads": .integer(step.choice.workers),
            "microseconds": .number(layer.microseconds), "gflops": .number(layer.gigaflops),
            "percent_of_roof": .number(layer.percentOfRoof), "bound": .string(layer.bound),
          ])
        }),
    ])
  }
}

/// One layer's rate, and how much of its roof that is.
struct LayerRoof {
  let microseconds: Double
  let gigaflops: Double
  let percentOfRoof: Double
  let bound: String

  init(_ step: NetworkPlan.Step, microseconds: Double, machine: MeasuredMachine) {
    let roof = ProblemRoof(
      step.problem, workers: step.choice.workers, machine: machine.description)
    self.microseconds = microseconds
    gigaflops = Double(step.problem.flops) / microseconds / 1000
    percentOfRoof = 100 * roof.microseconds / microseconds
    bound = roof.bound
  }
}
