import CSystem
import Glibc

/// Threads that wait for work together with the thread that asks for it, who is worker 0.
///
/// They live as long as the pool, each bound to one processor where the system allows it; between calls
/// they spin for `idleSpinMicroseconds` and then sleep.
public final class WorkerPool: @unchecked Sendable {
  /// All threads, the caller's included.
  public let workers: Int
  private let signal = SharedWord()
  private let barrier: SpinBarrier
  private let idleSpinNanoseconds: UInt64
  private let body: UnsafeMutablePointer<Work>
  private var threads: [pthread_t] = []
  private var isStopping = false

  /// A function on its own behind a pointer would be stored in its most general form, which allocates;
  /// inside a structure it is stored as it is.
  private struct Work {
    var call: @Sendable (Int) -> Void
  }

  /// Longest spin at a barrier inside one call: far longer than the imbalance of a layer, so that only a
  /// thread that was taken off its processor makes the others sleep.
  private static let barrierSpinNanoseconds: UInt64 = 200_000

  /// - Parameters:
  ///   - workers: threads in all, 1 or more.
  ///   - processors: where to bind workers 1, 2, …: worker w goes to `processors[w]`. Empty: nowhere.
  public init(workers: Int, processors: [Int] = [], idleSpinMicroseconds: Int = 200) {
    precondition(workers >= 1, "\(workers) workers")
    self.workers = workers
    barrier = SpinBarrier(parties: workers)
    idleSpinNanoseconds = UInt64(max(0, idleSpinMicroseconds)) * 1000
    body = .allocate(capacity: 1)
    body.initialize(to: Work { _ in })
    for worker in 1..<max(1, workers) {
      start(worker, processor: worker < processors.count ? processors[worker] : nil)
    }
  }

  deinit {
    isStopping = true
    signal.advance()
    for thread in threads { pthread_join(thread, nil) }
    body.deinitialize(count: 1)
    body.deallocate()
  }

  /// Runs `work(worker)` on every worker and returns when all have returned. One call at a time.
  ///
  /// Allocates nothing.
  public func run(_ work: @escaping @Sendable (Int) -> Void) {
    if workers == 1 { return work(0) }
    body.pointee.call = work
    signal.advance()
    work(0)
    meet()
  }

  /// Waits until every worker has got here; only from inside `run`.
  @inline(__always)
  public func meet() {
    if workers > 1 { barrier.wait(spinNanoseconds: Self.barrierSpinNanoseconds) }
  }

  private func start(_ worker: Int, processor: Int?) {
    // The thread must not keep the pool alive, or it would never be stopped.
    let context = WorkerContext(pool: self, worker: worker, processor: processor)
    var thread = pthread_t()
    let pointer = Unmanaged.passRetained(context).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<WorkerContext>.fromOpaque(pointer).takeRetainedValue().main()
        return nil
      }, pointer)
    precondition(status == 0, "the system refused thread \(worker): error \(status)")
    threads.append(thread)
  }

  fileprivate func serve(_ worker: Int, from generation: UInt32) {
    var current = generation
    while true {
      signal.wait(while: current, spinNanoseconds: idleSpinNanoseconds)
      current &+= 1
      if isStopping { return }
      body.pointee.call(worker)
      meet()
    }
  }
}

/// What a thread is started with. The pool outlives it: the pool's end waits for its threads.
private final class WorkerContext: @unchecked Sendable {
  private unowned(unsafe) let pool: WorkerPool
  private let worker: Int
  private let processor: Int?

  init(pool: WorkerPool, worker: Int, processor: Int?) {
    self.pool = pool
    self.worker = worker
    self.processor = processor
  }

  func main() {
    if let processor {
      var cpu = Int32(processor)
      // Where binding is refused the thread runs wherever the system puts it: slower, never wrong.
      _ = cs_affinity_set(&cpu, 1)
    }
    pool.serve(worker, from: 0)
  }
}
