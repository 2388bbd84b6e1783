import DSCore
import DSKernels

/// Steps that each worker goes through in bands of a few rows: all steps with one band before any with the next. The maps
/// between them are rings of a few rows, which stay in a cache where the whole maps would go to memory and come back.
///
/// A band begins with what the steps before it left over: of every ring, the rows that the next windows reach again are copied to
/// its beginning, and the new ones are written behind them. No row is computed twice by one worker; with several, those at
/// the seams are computed by both, and nobody waits for anybody inside the chain.
///
/// - Numerics: the same operations in the same order as without bands: the same bits.
/// - Source: Alwani, Chen, Ferdman and Milder, "Fused-Layer CNN Accelerators", MICRO 2016,
///   doi:10.1109/MICRO.2016.7783725 (keeping what neighbouring pyramids share); on processors Mei et al., "DeFiNES", HPCA
///   2023, arXiv:2212.05344.
package struct BandedChain: Sendable {
  /// What a worker computes at one time, of each step's output in turn.
  package struct Band: Hashable, Sendable {
    package var rows: [Range<Int>]
    /// The first row that this band or a later one reads: where the ring begins. Rows before are overwritten.
    package var firstKept: [Int]
  }

  package let steps: Range<Int>
  /// For each worker, one after the other.
  package let bands: [[Band]]
  /// Rows that the ring of each step's output holds; none of the last one's, whose output is stored.
  package let ringRows: [Int]

  /// - Parameter bandRows: rows of the last step's output that are computed at one time.
  init(_ steps: Range<Int>, of plan: NetworkPlan, _ kernels: [PreparedKernel], bandRows: Int) {
    let links = Links(steps, of: plan, kernels)
    let height = kernels[steps.upperBound - 1].problem.output.height
    let bands = (0..<plan.workers).map {
      Self.bands(RowSlices.rows(height, $0, plan.workers), bandRows: bandRows, links)
    }
    self.steps = steps
    self.bands = bands
    ringRows = steps.indices.map { place in
      let step = place - steps.lowerBound
      if place == steps.upperBound - 1 { return 0 }
      return bands.joined().map { $0.rows[step].upperBound - $0.firstKept[step] }.max() ?? 0
    }
  }

  /// All rows of a step's output that one worker computes.
  package func rows(_ step: Int, _ worker: Int) -> Range<Int> {
    let own = bands[worker].map { $0.rows[step - steps.lowerBound] }
    return (own.first?.lowerBound ?? 0)..<(own.last?.upperBound ?? 0)
  }

  /// The rows of a step's output that one worker computes where each has calls of its own: an equal part, or inside a chain all
  /// that its part of the chain's output needs.
  ///
  /// - Parameter height: of the step's output.
  static func rows(
    _ step: Int, _ worker: Int, of workers: Int, height: Int, chains: [BandedChain]
  ) -> Range<Int> {
    chains.first { $0.steps.contains(step) }?.rows(step, worker)
      ?? RowSlices.rows(height, worker, workers)
  }

  private static func bands(_ own: Range<Int>, bandRows: Int, _ links: Links) -> [Band] {
    let whole = links.rows(from: nil, to: own)
    var begins = whole.map(\.lowerBound)
    var kept = begins
    return stride(from: own.lowerBound, to: own.upperBound, by: bandRows).map { first in
      let last = first..<min(first + bandRows, own.upperBound)
      let rows = links.rows(from: begins, to: last)
      kept = links.firstKept(rows, of: whole, before: kept)
      begins = rows.map(\.upperBound)
      return Band(rows: rows, firstKept: kept)
    }
  }
}

/// Who reads what inside a chain.
private struct Links {
  /// For each step of the chain, those that read its output through their windows, and those that add it.
  private let readers: [[Int]]
  private let adders: [[Int]]
  private let kernels: ArraySlice<PreparedKernel>

  init(_ steps: Range<Int>, of plan: NetworkPlan, _ kernels: [PreparedKernel]) {
    self.kernels = kernels[steps]
    func links(_ source: (NetworkPlan.Step) -> Int?) -> [[Int]] {
      steps.map { step in
        steps.filter { source(plan.steps[$0]) == step }.map { $0 - steps.lowerBound }
      }
    }
    readers = links(\.input)
    adders = links(\.residual)
  }

  private func inputRows(_ step: Int, _ rows: Range<Int>) -> Range<Int> {
    kernels[kernels.startIndex + step].inputRows(ofOutput: rows)
  }

  /// The rows of each step's output that are needed for rows `last` of the last one's.
  ///
  /// - Parameter begins: where what is computed already ends; `nil` for all that is needed.
  func rows(from begins: [Int]?, to last: Range<Int>) -> [Range<Int>] {
    var rows = [Range<Int>](repeating: last, count: readers.count)
    for step in readers.indices.dropLast().reversed() {
      let needed =
        (readers[step].map { inputRows($0, rows[$0]) } + adders[step].map { rows[$0] })
        .filter { !$0.isEmpty }
      let first = begins?[step] ?? needed.map(\.lowerBound).min() ?? 0
      rows[step] = first..<max(first, needed.map(\.upperBound).max() ?? first)
    }
    return rows
  }

  /// - Parameters:
  ///   - rows: of the band.
  ///   - whole: all that the worker computes.
  ///   - before: of the band before. A step that computes nothing in this band leaves its ring as it is.
  func firstKept(_ rows: [Range<Int>], of whole: [Range<Int>], before: [Int]) -> [Int] {
    rows.indices.map { step in
      if rows[step].isEmpty { return before[step] }
      let read = readers[step].compactMap { reader in
        rows[reader].lowerBound == whole[reader].upperBound
          ? nil
          : inputRows(reader, rows[reader].lowerBound..<whole[reader].upperBound).lowerBound
      }
      let added = adders[step].map { rows[$0].lowerBound }
      return min(rows[step].lowerBound, (read + added).min() ?? rows[step].lowerBound)
    }
  }
}
