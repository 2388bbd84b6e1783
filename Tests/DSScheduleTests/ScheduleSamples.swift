import DSCore
import DSSchedule

/// Schedules to test with: one small and readable, and random ones.
enum ScheduleSamples {
  static let text = """
    {"schema": "dstune.schedule/1.0",
     "network": {"name": "mobilenet-v1", "width": 1.0, "resolution": 224, "dtype": "f32"},
     "tool": {"version": "0.3.0", "registry": "9f3c1e"},
     "machine": {"cpu": "AuthenticAMD/26/2", "isa": ["avx512f"],
      "topology": "core:2 pu:1 l1d:48K l2:1M l3:32M/2 numa:1",
      "measured": {"fma_gflops_per_core": 246, "l2_gbps": 210}},
     "threads": 2,
     "isa_limit": "avx512",
     "noise": {"aa_ratio": 1.004},
     "entries": [
       {"problem": "pointwise 112x112x32->64 relu6 f32", "count": 2,
        "kernel": "f32-pointwise-simd__avx512", "compatibility": "a1b2", "parameters": {"mr": 14, "nr": 32},
        "cores": "2c/1pu/1xL3", "state": "measured",
        "microseconds": {"median": 101.5, "low": 101, "high": 102.25, "samples": 21}},
       {"problem": "depthwise 3x3 s1 p1,1 112x112x32 relu6 f32", "count": 1,
        "kernel": "f32-depthwise-3x3s1-simd__avx512", "parameters": {"columns": 14},
        "cores": "2c/1pu/1xL3", "state": "confirmed",
        "microseconds": {"median": 31.2, "low": 30.9, "high": 31.5, "samples": 33},
        "vs_default": {"ratio": 1.42, "low": 1.39, "high": 1.45}, "ties": ["f32-depthwise-tiled"],
        "bound": "l2", "note": "row kernel"}],
     "network_result": {"default_ms": 6.1, "tuned_ms": 4.9, "ratio": 1.24, "low": 1.22, "high": 1.26},
     "findings": {"outcome": "kept", "peak_gflops": 489.5, "limit_ms": 4.4,
      "ladder": [{"rung": "naive", "ms": 812, "gflops": 1.4, "basis": "some kernels"},
       {"rung": "tuned", "ms": 4.9, "gflops": 232.5, "basis": "whole network"}],
      "gain": {"speedup": {"ratio": 1.24, "low": 1.22, "high": 1.26}, "rounds": 203,
       "faster_rounds": 201, "needed_rounds": 100, "smallest_claim": 1.02},
      "layers": [{"problem": "depthwise 3x3 s1 p1,1 112x112x32 relu6 f32", "count": 1, "candidates": 12,
       "best": "f32-depthwise-3x3s1-simd__avx512 columns=14",
       "default_over_best": {"ratio": 1.42, "low": 1.39, "high": 1.45}}]},
     "warnings": ["load average 3.1"]}
    """

  static func read(_ text: String = text) throws(ScheduleError) -> Schedule {
    try Schedule(data: text.utf8, file: "s.json")
  }

  /// The sample with one piece of its text replaced.
  static func edited(_ old: String, _ new: String) -> String {
    precondition(text.contains(old), "the sample does not contain \(old)")
    guard let range = text.firstRange(of: old) else { return text }
    return text.replacingCharacters(range, new)
  }

  static func random(_ generator: inout SeededGenerator) -> Schedule {
    let problems = (0..<8).map { "depthwise 3x3 s1 p1,1 \(7 + $0)x\(7 + $0)x32 relu6 f32" }
    var schedule = Schedule(
      network: NetworkIdentity(name: "net", resolution: 224),
      tool: ToolIdentity(version: "0.\(Int.random(in: 1...3, using: &generator))", registry: "r"),
      machine: MachineIdentity(cpu: "c", instructionSets: ["avx2"], topology: "core:2"), threads: 2,
      noise: Bool.random(using: &generator)
        ? NoiseRecord(
          floorRatio: Double.random(in: 1...1.1, using: &generator),
          barrierNanoseconds: (0..<Int.random(in: 0...3, using: &generator)).map { _ in
            Double.random(in: 50...600, using: &generator)
          }) : nil)
    schedule.entries = problems.shuffled(using: &generator)
      .prefix(Int.random(in: 0...8, using: &generator))
      .map { randomEntry(problem: $0, &generator) }
    if Bool.random(using: &generator) {
      let ratio = Double.random(in: 0.9...2, using: &generator)
      schedule.networkResult = NetworkResult(
        defaultMilliseconds: 6, tunedMilliseconds: 6 / ratio, ratio: ratio, low: ratio, high: ratio)
    }
    if Bool.random(using: &generator) {
      schedule.findings = TuningFindings(
        TuningOutcome.allCases.randomElement(using: &generator) ?? .kept,
        peakGigaflops: Bool.random(using: &generator) ? 200 : nil,
        layers: problems.filter { _ in Bool.random(using: &generator) }.map { problem in
          LayerFinding(
            problem: problem, count: 1, candidates: Int.random(in: 0...2, using: &generator),
            best: Bool.random(using: &generator) ? "k" : nil)
        })
    }
    if Bool.random(using: &generator) {
      schedule.warnings = ["w\(Int.random(in: 0...2, using: &generator))"]
    }
    if Bool.random(using: &generator) {
      schedule.unknown["extra"] = .integer(Int.random(in: 0...3, using: &generator))
    }
    return schedule
  }

  private static func randomEntry(
    problem: String, _ generator: inout SeededGenerator
  ) -> ScheduleEntry {
    let median = Double(Int.random(in: 1...6, using: &generator))
    let spread = Double.random(in: 0...0.6, using: &generator)
    return ScheduleEntry(
      problem: problem, kernel: "k\(Int.random(in: 0...2, using: &generator))",
      parameters: ["rows": Int.random(in: 1...2, using: &generator)],
      state: ScheduleEntry.State.allCases.randomElement(using: &generator) ?? .measured,
      microseconds: MeasuredInterval(
        median: median, low: median - spread, high: median + spread,
        samples: Int.random(in: 0...3, using: &generator)))
  }
}

extension String {
  fileprivate func replacingCharacters(_ range: Range<Index>, _ new: String) -> String {
    self[..<range.lowerBound] + new + self[range.upperBound...]
  }
}
