import DSCore
import DSKernels
import DSNetworks

/// One problem's candidates: which are timed, and why the others are not.
public struct SearchSpace: Sendable {
  public struct Pruned: Sendable {
    public let candidate: Candidate
    public let reason: String
  }

  public let problem: Problem
  /// How often the network has the problem.
  public let count: Int
  /// What runs without a schedule, first in every race. For a fused problem the model's favourite.
  public let reference: Candidate
  /// Timed, the reference first, then by prediction, audited ones last.
  public let candidates: [Candidate]
  /// How many of the candidates are pruned ones timed as an audit.
  public let auditedCount: Int
  public let pruned: [Pruned]

  /// - Parameters:
  ///   - model: ranks the candidates, with the machine's measured roofs.
  ///   - defaultModel: the one that runs without a schedule, without them.
  /// - Returns: `nil` if no kernel accepts the problem.
  public init?(
    _ problem: Problem, count: Int, request: TuningRequest, workerCounts: [Int], model: CostModel,
    defaultModel: CostModel, registry: Registry = .standard
  ) {
    guard
      let reference = defaultModel.best(
        problem, registry: registry, upTo: request.instructionSet, workers: request.workers)
    else { return nil }
    self.problem = problem
    self.count = count
    self.reference = reference
    let all = workerCounts.flatMap { workers in
      model.candidates(
        problem, registry: registry, upTo: request.instructionSet, workers: workers)
    }.filter { request.effort == .exhaustive || !$0.kernel.isReadable || $0.kernel.isOnlyChoice }
    var kept = [reference]
    var pruned: [Pruned] = []
    var programs: [String: String] = [reference.program(for: problem): reference.label]
    // Labels made once: comparing them made most of the time of a plan for 192 cores.
    let ranked = all.map { (candidate: $0, label: $0.label) }.sorted {
      ($0.candidate.predictedMicroseconds, $0.label)
        < ($1.candidate.predictedMicroseconds, $1.label)
    }
    let best = ranked.first?.candidate.predictedMicroseconds ?? 0
    var labels: Set = [reference.label]
    for (candidate, label) in ranked where labels.insert(label).inserted {
      let program = candidate.program(for: problem)
      if let same = programs[program] {
        pruned.append(Pruned(candidate: candidate, reason: "the same program as \(same)"))
        continue
      }
      programs[program] = label
      let slowdown = candidate.predictedMicroseconds / best
      if slowdown > request.effort.predictionCutoff {
        let text = "\((slowdown * 100).rounded() / 100)"
        pruned.append(
          Pruned(candidate: candidate, reason: "predicted \(text) times slower than the best"))
      } else if kept.count > request.effort.candidateLimit {
        pruned.append(
          Pruned(
            candidate: candidate,
            reason: "\(request.effort.candidateLimit) others are predicted faster"))
      } else {
        kept.append(candidate)
      }
    }
    var generator = SeededGenerator(seed: request.seed ^ UInt64(problem.flops))
    let audited = Self.representatives(of: pruned, beside: kept).shuffled(using: &generator)
      .prefix(request.effort.auditCount)
    candidates = kept + audited
    auditedCount = audited.count
    self.pruned = pruned
  }

  /// Of pruned candidates that the model cannot tell apart, the first, unless one is kept: it stands for all of
  /// them, so that chance does not choose between them.
  private static func representatives(
    of pruned: [Pruned], beside kept: [Candidate]
  ) -> [Candidate] {
    var predictions = Set(kept.map(\.predictedMicroseconds))
    return pruned.lazy.filter { !$0.reason.hasPrefix("the same") }.map(\.candidate)
      .filter { predictions.insert($0.predictedMicroseconds).inserted }
  }
}

extension Kernel {
  /// The rungs that are there to be read, never the fastest where vector code exists.
  fileprivate var isReadable: Bool { method == .naive || method == .tiled || method == .im2col }
  /// Operators that have nothing but a readable kernel.
  fileprivate var isOnlyChoice: Bool { operation == .softmax }
}

extension Candidate {
  /// Equal for candidates that do the same operations in the same order: tile limits that cut the
  /// problem into the same tiles.
  package func program(for problem: Problem) -> String {
    let lanes = kernel.channelBlock ?? 1
    let named = kernel.named(values)
    var words = [kernel.id, "x\(workers)"]
    var tiles = 0
    if let rows = named["rows"], kernel.method != .fused {
      tiles = Split(problem.output.pixelCount, atMost: rows).parts
      words.append("rows/\(tiles)")
    }
    for (name, value) in named.sorted(by: { $0.key < $1.key }) {
      switch name {
      case "rows" where kernel.method != .fused: break
      case "vectors" where kernel.method != .fused:
        let vectors = (problem.output.channels + lanes - 1) / lanes
        words.append("vectors/\(PanelSplit(vectors, atMost: value).parts)")
      case "columns":
        words.append("columns/\(Split(problem.output.width, atMost: value).parts)")
      case "stripTiles" where kernel.method != .fused && (value == 0 || value >= tiles):
        words.append("stripTiles=all")
      default: words.append("\(name)=\(value)")
      }
    }
    return words.joined(separator: " ")
  }
}
