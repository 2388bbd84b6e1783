/// What each worker has to wait for before each of its steps: not for everybody, as at a barrier, but for those who
/// write what it reads, or still use what it overwrites.
///
/// A pointwise layer after a depthwise one that is cut into the same rows waits for nobody. Both workers of two then
/// meet half as often, and what one is late in a step it may make good in the next.
/// - Source: Park, Smelyanskiy, Sundaram and Dubey, "Sparsifying Synchronization for High-Performance Shared-Memory
///   Sparse Triangular Solver", ISC 2014, doi:10.1007/978-3-319-07518-1_8 (waits for single threads in place of
///   barriers, those left out that others imply).
package struct StepOrder: Sendable {
  package struct Wait: Hashable, Sendable {
    /// Before this step,
    package var step: Int
    /// until that worker
    package var worker: Int
    /// has done so many steps.
    package var stepsDone: Int

    package init(step: Int, worker: Int, stepsDone: Int) {
      self.step = step
      self.worker = worker
      self.stepsDone = stepsDone
    }
  }

  /// What one worker touches in one step.
  package struct Access: Sendable {
    package var reads: [ArenaPart]
    package var writes: [ArenaPart]

    package init(reads: [ArenaPart] = [], writes: [ArenaPart] = []) {
      self.reads = reads
      self.writes = writes
    }

    init(allOf accesses: [Access]) {
      self.init(reads: accesses.flatMap(\.reads), writes: accesses.flatMap(\.writes))
    }

    /// Whether one of the two must wait for the other.
    func collides(with other: Access) -> Bool {
      Self.overlap(writes, other.writes) || Self.overlap(writes, other.reads)
        || Self.overlap(reads, other.writes)
    }

    private static func overlap(_ first: [ArenaPart], _ second: [ArenaPart]) -> Bool {
      first.contains { part in second.contains { part.overlaps($0) } }
    }
  }

  /// One list for each worker, in the order of the steps.
  package let waits: [[Wait]]

  /// - Parameters:
  ///   - accesses: by step and worker.
  ///   - shared: steps in which a worker that is done takes pieces of the others' shares, once these have begun; until it
  ///     has done the step it may be anywhere in it.
  package init(_ accesses: [[Access]], shared: Set<Int> = [], workers: Int) {
    let touched = accesses.indices.map { step in
      shared.contains(step)
        ? [Access](repeating: Access(allOf: accesses[step]), count: workers) : accesses[step]
    }
    waits = (0..<workers).map { worker in
      var waits: [Wait] = []
      // How far each of the others is known to be, by what this one has waited for already.
      var known = [Int](repeating: 0, count: workers)
      for step in accesses.indices {
        for other in 0..<workers where other != worker {
          let last = (known[other]..<step).last {
            touched[$0][other].collides(with: accesses[step][worker])
          }
          guard let last else { continue }
          known[other] = last + 1
          waits.append(Wait(step: step, worker: other, stepsDone: last + 1))
        }
      }
      return waits
    }
  }
}
