import DSCore
import DSMeasurement
import DSRuntime

/// Empties the caches of all cores that take part in a measurement.
final class CrewFlusher: @unchecked Sendable {
  // Every worker uses only its own.
  private let flushers: [CacheFlusher]
  private let pool: WorkerPool

  /// - Throws: `RuntimeError.outOfMemory`.
  init(machine: MachineDescription, pool: WorkerPool) throws(RuntimeError) {
    flushers = try RuntimeError.forWantOfMemory { () throws(MemoryShortage) in
      var flushers: [CacheFlusher] = []
      for _ in 0..<pool.workers { flushers.append(try CacheFlusher(machine: machine)) }
      return flushers
    }
    self.pool = pool
  }

  func flush() {
    pool.run { [self] worker in flushers[worker].flush() }
  }
}
