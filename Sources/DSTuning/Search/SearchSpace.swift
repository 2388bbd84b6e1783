import DSCore
import DSKernels
import DSNetworks

/// One problem's candidates: which are timed, and why the others are not.
public struct SearchSpace: Sendable {
  public let problem: Problem
  /// How often the network has the problem.
  public let count: Int
  /// Whether its layers take so much of the network's predicted time that its race is worth more rounds.
  public internal(set) var isMajor = false
  /// What runs without a schedule, first in every race. For a fused problem the model's favourite.
  public let reference: Candidate
  /// Timed, the reference first, then by prediction, audited ones last.
  public let candidates: [Candidate]
  /// How many of the candidates are pruned ones timed as an audit.
  public let auditedCount: Int
  public let pruned: [PrunedCandidate]

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
    }.filter {
      request.products.allows($0.kernel)
        && (request.effort == .exhaustive || !$0.kernel.isReadable || $0.kernel.isOnlyChoice)
    }
    let pruning = CandidatePruning(
      problem, reference: reference, candidates: all, effort: request.effort)
    var generator = SeededGenerator(seed: request.seed ^ UInt64(problem.flops))
    let audited = pruning.representatives.shuffled(using: &generator)
      .prefix(request.effort.auditCount)
    candidates = pruning.kept + audited
    auditedCount = audited.count
    pruned = pruning.pruned
  }
}

extension Kernel {
  /// Operators that have nothing but a readable kernel.
  fileprivate var isOnlyChoice: Bool { operation == .softmax }
}

extension Candidate {
  /// Equal for candidates that do the same operations in the same order: tile limits that cut the
  /// problem into the same tiles.
  package func program(for problem: Problem) -> String {
    let lanes = kernel.channelBlock ?? 1
    let named = kernel.named(values)
    if !kernel.multipliesAsWritten { return strassenProgram(for: problem, named) }
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

  /// Strips of more tiles than there are make one strip. Its tiles are cut of pairs and its panels of halves and of the
  /// rest: only equal limits cut all of them alike.
  private func strassenProgram(for problem: Problem, _ named: [String: Int]) -> String {
    let rowParts = min(max(1, named["rowParts", default: 1]), workers)
    let share = Split(PixelPairs(problem.output).count, parts: rowParts).length(0)
    var named = named
    named["stripTiles"] = min(
      named["stripTiles", default: 1], Split(share, atMost: named["rows", default: 1]).parts)
    let words = named.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return ([kernel.id, "x\(workers)"] + words).joined(separator: " ")
  }
}
