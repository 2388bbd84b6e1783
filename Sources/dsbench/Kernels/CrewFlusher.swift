import DSCore
import DSMeasurement
import DSRuntime

/// Empties the caches of all cores that take part in a measurement.
final class CrewFlusher: @unchecked Sendable {
  // Every worker uses only its own.
  private let flushers: [CacheFlusher]
  private let pool: WorkerPool

  init(machine: MachineDescription, pool: WorkerPool) {
    flushers = (0..<pool.workers).map { _ in CacheFlusher(machine: machine) }
    self.pool = pool
  }

  func flush() {
    pool.run { [self] worker in flushers[worker].flush() }
  }
}
