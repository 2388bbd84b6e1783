import DSCore
import DSKernels

/// Divides a problem's candidates into those that are timed and those that are not.
struct CandidatePruning {
  /// The reference first, then by prediction.
  private(set) var kept: [Candidate]
  private(set) var pruned: [PrunedCandidate] = []

  /// - Parameters:
  ///   - reference: is kept, whatever the model says of it.
  ///   - candidates: in any order; the reference may be among them.
  init(
    _ problem: Problem, reference: Candidate, candidates: [Candidate], effort: Effort
  ) {
    kept = [reference]
    // Labels made once: comparing them made most of the time of a plan for 192 cores.
    let ranked = candidates.map { (candidate: $0, label: $0.label) }.sorted {
      ($0.candidate.predictedMicroseconds, $0.label)
        < ($1.candidate.predictedMicroseconds, $1.label)
    }
    let best = ranked.first?.candidate.predictedMicroseconds ?? 0
    var labels: Set = [reference.label]
    // Predictions of Strassen's algorithm and of the formula's own products do not compare well enough for one to leave
    // the other no place.
    var counts = [true: 0, false: 0]
    var programs = [reference.program(for: problem): reference.label]
    for (candidate, label) in ranked where labels.insert(label).inserted {
      let program = candidate.program(for: problem)
      let slowdown = candidate.predictedMicroseconds / best
      if let same = programs[program] {
        prune(candidate, .sameProgram(as: same))
        continue
      }
      programs[program] = label
      if slowdown > effort.predictionCutoff {
        prune(candidate, .predictedSlower(times: slowdown))
        continue
      }
      let isAsWritten = candidate.kernel.multipliesAsWritten
      let limit = isAsWritten ? effort.candidateLimit : effort.candidateLimit / 2
      if counts[isAsWritten, default: 0] >= limit {
        prune(candidate, .beyondLimit(limit))
      } else {
        counts[isAsWritten, default: 0] += 1
        kept.append(candidate)
      }
    }
  }

  private mutating func prune(_ candidate: Candidate, _ reason: PrunedCandidate.Reason) {
    pruned.append(PrunedCandidate(candidate: candidate, reason: reason))
  }

  /// Of pruned candidates that the model cannot tell apart, the first, unless one is kept: it stands for all of
  /// them, so that chance does not choose between them.
  var representatives: [Candidate] {
    var predictions = Set(kept.map(\.predictedMicroseconds))
    return pruned.compactMap { row -> Candidate? in
      if case .sameProgram = row.reason { return nil }
      return predictions.insert(row.candidate.predictedMicroseconds).inserted ? row.candidate : nil
    }
  }
}
