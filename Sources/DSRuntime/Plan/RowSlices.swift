import DSCore
import DSKernels

/// Which steps of a plan every worker runs by itself, as a small network of its own rows, and which maps are therefore
/// kept in slices.
///
/// - Source: domain decomposition with halo rows, as in stencil codes; for convolutions Jia, Zaharia and Aiken, "Beyond
///   Data and Model Parallelism for Deep Neural Networks", MLSys 2019 (a sample's height as a dimension to divide).
package struct RowSlices: Sendable {
  /// For each step, the slices of its output, one for each worker; `nil` where it lies in one piece.
  package let maps: [[MapSlice]?]
  /// Whether each worker computes its rows of that step's output with a call of its own.
  package let isByRows: [Bool]

  /// The longest slice's rows, as a multiple of the mean, above which a map is not cut: 19 rows are 10 and 9, and cut
  /// between register tiles instead they are 17 and 16 of 33.
  private static let mostUneven = 1.01

  /// - Parameters:
  ///   - canCut: whether all workers can each compute rows of a step.
  ///   - chains: maps inside these are not stored, neither in slices nor in one piece.
  init(
    _ plan: NetworkPlan, steps: [PreparedKernel], canCut: [Bool], chains: [BandedChain]
  ) {
    let workers = plan.workers
    let inside = Set(chains.flatMap { $0.steps.dropLast() })
    var readers = [[Int]](repeating: [], count: plan.steps.count)
    for (index, step) in plan.steps.enumerated() {
      for source in [step.input, step.residual].compactMap({ $0 }) { readers[source].append(index) }
    }
    let maps = plan.steps.indices.map { index -> [MapSlice]? in
      let layout = steps[index].outputLayout
      guard workers > 1, canCut[index], !inside.contains(index), !readers[index].isEmpty,
        readers[index].allSatisfy({ canCut[$0] }), Self.isEven(layout.shape.height, workers)
      else { return nil }
      return (0..<workers).map { worker in
        let own = Self.rows(layout.shape.height, worker, workers)
        var stored = own
        for reader in readers[index] where plan.steps[reader].input == index {
          let rows = BandedChain.rows(
            reader, worker, of: workers, height: steps[reader].problem.output.height,
            chains: chains)
          let needed = steps[reader].inputRows(ofOutput: rows)
          stored =
            min(stored.lowerBound, needed.lowerBound)..<max(stored.upperBound, needed.upperBound)
        }
        return MapSlice(of: layout, own: own, stored: stored)
      }
    }
    self.maps = maps
    isByRows = plan.steps.enumerated().map { index, step in
      maps[index] != nil
        || [step.input, step.residual].contains { $0.map { maps[$0] != nil } ?? false }
    }
  }

  package var isEmpty: Bool { maps.allSatisfy { $0 == nil } }

  static func rows(_ height: Int, _ worker: Int, _ workers: Int) -> Range<Int> {
    let split = Split(height, parts: workers)
    return split.start(worker)..<(split.start(worker) + split.length(worker))
  }

  private static func isEven(_ height: Int, _ workers: Int) -> Bool {
    Double(Split(height, parts: workers).length(0) * workers) <= mostUneven * Double(height)
  }
}
