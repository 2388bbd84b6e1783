import CSystem
import DSCore
import DSRuntime
import Synchronization

/// Images a second of several inferences at once, each with an arena and threads of its own.
struct Throughput {
  let streams: Int
  let imagesPerSecond: Double
  /// Of single inferences, all streams together.
  let latencyMicroseconds: [Double]

  /// - Parameters:
  ///   - processors: as many as all streams' threads together.
  ///   - shouldStop: asked between inferences; each stream has one all the same.
  init(
    _ network: PreparedNetwork, image: [Float], streams: Int, processors: [Int], seconds: Double,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws(RuntimeError) {
    let workers = network.plan.workers
    precondition(
      processors.count >= streams * workers,
      "\(processors.count) processors for \(streams) streams of \(workers) threads")
    try MemoryNeed(byteCount: Double(streams) * Double(network.sessionByteCount)).check()
    var sessions: [Session] = []
    for stream in 0..<streams {
      let own = Array(processors[(stream * workers)..<((stream + 1) * workers)])
      sessions.append(
        try network.makeSession(sharing: WorkerPool(workers: workers, processors: own)))
    }
    let callers = try WorkerPool(
      workers: streams, processors: (0..<streams).map { processors[$0 * workers] })
    let latencies = Mutex<[UInt64]>([])
    let elapsed = callers.timed { [sessions] stream in
      var own: [UInt64] = []
      var limit = TimeLimit(nanoseconds: seconds * 1e9, of: cs_monotonic_ns)
      image.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        repeat {
          own.append(sessions[stream].timedRun(base))
        } while !limit.isOver() && !shouldStop()
      }
      latencies.withLock { [own] in $0 += own }
    }
    let all = latencies.withLock { $0 }
    self.streams = streams
    latencyMicroseconds = all.map { Double($0) / 1000 }
    imagesPerSecond = Double(all.count * network.network.batch) / (Double(max(1, elapsed)) / 1e9)
  }
}

extension WorkerPool {
  /// Runs `work` on every worker; nanoseconds until all were done.
  fileprivate func timed(_ work: @escaping @Sendable (Int) -> Void) -> UInt64 {
    let start = cs_monotonic_ns()
    run(work)
    return ClockTime.elapsed(from: start, to: cs_monotonic_ns())
  }
}
