import DSCommandLine
import DSSchedule

extension FindingsText {
  /// Layers whose default is farther from the best are named.
  private static let near = 0.02
  private static let mostNamed = 2

  /// How far the default was from the best of all candidates, over all layers.
  var layers: String? {
    if findings.layers.isEmpty { return nil }
    let candidates = findings.layers.reduce(0) { $0 + $1.sane(\.candidates) }
    let total = findings.layers.reduce(0) { $0 + $1.sane(\.count) }
    let known = findings.layers.compactMap { layer in
      layer.behind.map { (problem: layer.problem, count: layer.sane(\.count), behind: $0) }
    }.sorted { ($0.behind, $1.problem) > ($1.behind, $0.problem) }
    let unknown = total - known.reduce(0) { $0 + $1.count }
    guard !known.isEmpty else {
      return
        "layer by layer: the races had too few rounds to tell how far the default is from the best"
    }
    let far = known.filter { $0.behind > Self.near }
    let farCount = far.reduce(0) { $0 + $1.count }
    let near = known.dropFirst(far.count).first?.behind
    let named = far.prefix(Self.mostNamed)
      .map { "\(Quantity.percent($0.behind)) on \(quoted($0.problem))" }.joined(separator: ", ")
    let examples = far.isEmpty ? "" : " (\(far.count > Self.mostNamed ? "at most " : "")\(named))"
    let told = total - unknown
    let undecided = unknown == 0 ? "" : "; \(unknown) not told"
    guard let near, 2 * farCount <= told else {
      return
        "layer by layer: the default is more than \(Quantity.percent(Self.near)) behind the best of "
        + "\(candidates) candidates on \(farCount) of \(told) layers\(examples)\(undecided)"
    }
    let within =
      near == 0
      ? "the default is the best" : "the default is within \(Quantity.percent(near)) of the best"
    let layers = told == 1 ? "the one layer that was told" : "all \(told) layers"
    return "layer by layer: \(within) of \(candidates) candidates on \(layers)"
      + (far.isEmpty ? "" : " but \(farCount)\(examples)") + undecided
  }
}

extension LayerFinding {
  /// A count of a file, which may say anything, so that it can be added up.
  fileprivate func sane(_ count: (Self) -> Int) -> Int { min(count(self), 1 << 30) }

  /// By which part the default is slower than the best, 0 where it is the best; `nil` where the rounds do not tell.
  var behind: Double? { defaultOverBest.map { best == nil ? 0 : max(0, $0.ratio - 1) } }

  /// For a table: "1.4 %", "best", "-".
  var behindText: String {
    behind.map { $0 == 0 ? "best" : Quantity.percent($0) } ?? "-"
  }

  /// For a line: "default 1.4 % behind the best of 17".
  var sentence: String {
    guard let behind else {
      return candidates == 0
        ? "not raced" : "too few rounds to tell the default from the best of \(candidates)"
    }
    return behind == 0
      ? "default the best of \(candidates)"
      : "default \(Quantity.percent(behind)) behind the best of \(candidates)"
  }
}
