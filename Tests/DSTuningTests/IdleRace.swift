import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning
import Foundation
import TestSupport
import Testing

/// A replay of the tiny network with kernels that have a parameter without effect, from times that a test makes up.
struct IdleRace {
  static let pointwise: [Kernel] = Registry.standard.kernels.filter {
    $0.operation == .pointwise && $0.method == .simd
      && $0.instructionSet == Registry.bestInstructionSet
  }

  /// A recorded race of the whole network.
  struct WholeNetwork {
    var rounds = 400
    /// Of the default a millisecond.
    var tunedNanoseconds = 900_000
    /// By how much the tuned plan's times go up and down from round to round.
    var spreadNanoseconds = 0
    /// What a gain had to exceed.
    var floor = 1.002
    var barrierNanoseconds: [Double] = []
    /// Whether a plan beside the default was proposed.
    var isTried = true
  }

  let request: TuningRequest
  let registry: Registry
  let space: SearchSpace

  init(isAccepting: Bool = false) throws {
    registry = Registry(
      Registry.standard.kernels
        + Self.pointwise.map { $0.variant(id: "idle-\($0.id)", idleParameter: ("idle", 0...3)) })
    var request = TuningSamples.request(try TuningSamples.tinyNetwork(), effort: .patient)
    request.isReplay = true
    request.isAccepting = isAccepting
    request.maximumRounds = 24
    self.request = request
    space = try #require(
      TuningSamples.tuner(request, registry: registry).searchSpaces()
        .first { $0.problem.operation == .pointwise })
  }

  /// Rounds of a race whose candidates all take the same time, but for noise and `faster`, 5 % faster.
  func journal(
    rounds: Int = 24, faster: Int? = nil, noise: Double = 1.01, seed: UInt64,
    wholeNetwork: [String] = []
  ) throws -> RecordedTrials {
    var generator = SeededGenerator(seed: seed)
    let key = JSONValue.string(space.problem.key).text
    let labels = JSONValue.array(space.candidates.map { .string($0.label) }).text
    var lines = [
      #"{"noise":\#(noise)}"#,
      #"{"race":\#(key),"candidates":\#(labels),"iterations":1,"invalid":[]}"#,
    ]
    for round in 0..<rounds {
      let blocks = space.candidates.indices.map { index in
        let time = (index == faster ? 95_000 : 100_000) + generator.next() % 4000
        return "[\(index),\(round),1,\(time),0,0,0,0,0]"
      }
      lines.append(#"{"race":\#(key),"blocks":[\#(blocks.joined(separator: ","))]}"#)
    }
    lines.append(#"{"race":\#(key),"finished":true}"#)
    lines += wholeNetwork
    return try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(path: path, header: TuningSamples.header(request))
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try Data((text + lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
      return try Journal.read(path: path).trials
    }
  }

  /// What a tuning finds where candidate 1 won its race and the whole network was timed like that.
  ///
  /// - Parameter ladder: the journal's line of it.
  func result(wholeNetwork: WholeNetwork, ladder: String? = nil) throws -> TuningResult {
    let faster = wholeNetwork.isTried ? 1 : nil
    let recorded = try journal(faster: faster, seed: 1)
    let tuner = try TuningSamples.tuner(request, recorded: recorded, registry: registry)
    let alone = try tuner.tune()
    #expect(alone.confirmation == nil)
    let winners = alone.results.filter { $0.space.problem.stages.count == 1 }
      .map { ($0.space.problem, KernelChoice($0.winner)) }
    let plans = [try tuner.plan([:]), try tuner.plan(Dictionary(uniqueKeysWithValues: winners))]
    let names = zip(["default", "tuned and fused"], plans)
      .map { "\"\($0) \($1.fingerprint)\"" }.prefix(wholeNetwork.isTried ? 2 : 1)
    let begin = names.joined(separator: ",")
    let lines =
      wholeNetwork.barrierNanoseconds.map { #"{"barrier_ns":\#($0)}"# }
      + [
        #"{"race":"whole network","candidates":[\#(begin)],"iterations":1,"floor":\#(wholeNetwork.floor)}"#
      ]
      + (0..<wholeNetwork.rounds).map { round in
        let swing = (round % 3 - 1) * wholeNetwork.spreadNanoseconds
        let times = [1_000_000, wholeNetwork.tunedNanoseconds + swing].prefix(names.count)
        let blocks = times.enumerated().map { "[\($0),\(round),1,\($1 + round),0,0,0,0,0]" }
        return #"{"race":"whole network","blocks":[\#(blocks.joined(separator: ","))]}"#
      } + [ladder].compactMap(\.self)
    let trials = try journal(faster: faster, seed: 1, wholeNetwork: lines)
    return try TuningSamples.tuner(request, recorded: trials, registry: registry).tune()
  }
}
