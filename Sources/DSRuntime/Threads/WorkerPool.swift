import CSystem
import Glibc

/// Threads that wait for work together with the thread that asks for it, who is worker 0.
///
/// They live as long as the pool, each bound to one processor where the system allows it; between calls
/// they spin for `idleSpinMicroseconds` and then sleep. The pool's end waits for theirs.
///
/// In a child of `fork` they are not: the first call there starts threads of the child's own.
public final class WorkerPool: @unchecked Sendable {
  /// All threads, the caller's included.
  public let workers: Int
  private let signal = SharedWord()
  private let barrier: SpinBarrier
  private let idleSpinNanoseconds: UInt64
  private let body: UnsafeMutablePointer<Work>
  private let turn = Turn()
  private let forks = ForkGuard()
  private let processors: [Int]
  private var threads: [pthread_t] = []
  private var isStopping = false

  /// A function on its own behind a pointer would be stored in its most general form, which allocates;
  /// inside a structure it is stored as it is.
  private struct Work {
    var call: @Sendable (Int) -> Void
  }

  private static let nothing: @Sendable (Int) -> Void = { _ in }

  /// Longest spin for other workers inside one call: far longer than the imbalance of a layer, so that only a
  /// thread that was taken off its processor makes the others sleep.
  static let longestSpinNanoseconds: UInt64 = 200_000

  /// - Parameters:
  ///   - workers: threads in all, 1 or more.
  ///   - processors: where to bind workers 1, 2, …: worker w goes to `processors[w]`. Empty: nowhere.
  ///   - idleSpinMicroseconds: what lies outside of 0 to 3 600 000 000 (an hour) becomes the nearest of them.
  /// - Throws: `RuntimeError.threadRefused`; the threads that had started are gone again by then.
  public init(
    workers: Int, processors: [Int] = [], idleSpinMicroseconds: Int = 200
  ) throws(RuntimeError) {
    precondition(workers >= 1, "\(workers) workers")
    self.workers = workers
    self.processors = processors
    barrier = SpinBarrier(parties: workers)
    idleSpinNanoseconds = UInt64(min(max(0, idleSpinMicroseconds), 3_600_000_000)) * 1000
    body = .allocate(capacity: 1)
    body.initialize(to: Work(call: Self.nothing))
    try startThreads()
    // Back when all threads are there and bound, or the first inference would wait for that.
    run(Self.nothing)
  }

  deinit {
    // A child of fork that never used the pool would wait for ever.
    if forks.isCurrent { endThreads() }
    body.deinitialize(count: 1)
    body.deallocate()
  }

  /// Runs `work(worker)` on every worker and returns when all have returned.
  ///
  /// Calls from several threads take turns, but for those of a pool of one, which has nothing to share. A
  /// call from inside `work` would wait for itself. Allocates nothing. In a child of `fork` that the system refuses
  /// threads the process ends; `renew` before, which throws then.
  public func run(_ work: @escaping @Sendable (Int) -> Void) {
    if workers == 1 { return work(0) }
    do {
      try renew()
    } catch {
      preconditionFailure("\(workers) workers in a child of fork: \(error)")
    }
    turn.withLock {
      body.pointee.call = work
      signal.advance()
      work(0)
      meet()
      // Nobody reads it until the next signal. Kept, it would keep alive what it captures: a session of
      // this very pool.
      body.pointee.call = Self.nothing
    }
  }

  /// Waits until every worker has got here; only from inside `run`.
  @inline(__always)
  public func meet() {
    if workers > 1 { barrier.wait(spinNanoseconds: Self.longestSpinNanoseconds) }
  }

  /// In a child of `fork`: starts its threads, if no call has yet. Anywhere else nothing.
  ///
  /// - Throws: `RuntimeError.threadRefused`.
  @inline(__always)
  public func renew() throws(RuntimeError) {
    try forks.renew { () throws(RuntimeError) in
      turn.restart()
      signal.restart()
      barrier.restart()
      body.pointee.call = Self.nothing
      // The parent's.
      threads = []
      isStopping = false
      try startThreads()
    }
  }

  private func startThreads() throws(RuntimeError) {
    do {
      for worker in 1..<max(1, workers) {
        try start(worker, processor: worker < processors.count ? processors[worker] : nil)
      }
    } catch {
      endThreads()
      throw error
    }
  }

  private func endThreads() {
    isStopping = true
    signal.advance()
    for thread in threads { pthread_join(thread, nil) }
    threads = []
  }

  private func start(_ worker: Int, processor: Int?) throws(RuntimeError) {
    let context = Unmanaged.passRetained(
      WorkerContext(pool: self, worker: worker, processor: processor))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<WorkerContext>.fromOpaque(pointer).takeRetainedValue().main()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      throw .threadRefused(code: status)
    }
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
  /// Unmanaged, not `unowned`: Swift would retain what it reads from there for the length of a call, and the
  /// call lasts as long as the thread, so that neither would ever end.
  private let pool: Unmanaged<WorkerPool>
  private let worker: Int
  private let processor: Int?

  init(pool: WorkerPool, worker: Int, processor: Int?) {
    self.pool = .passUnretained(pool)
    self.worker = worker
    self.processor = processor
  }

  func main() {
    if let processor {
      var cpu = Int32(processor)
      // Where binding is refused the thread runs wherever the system puts it: slower, never wrong.
      _ = cs_affinity_set(&cpu, 1)
    }
    pool._withUnsafeGuaranteedRef { $0.serve(worker, from: 0) }
  }
}
