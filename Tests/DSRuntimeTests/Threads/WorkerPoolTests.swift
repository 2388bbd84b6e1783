import DSRuntime
import Glibc
import TestSupport
import Testing

/// One slot a worker, far enough apart not to share a cache line; read once all workers are back.
private final class Tally: @unchecked Sendable {
  private let slots: UnsafeMutableBufferPointer<Int>
  private static let spacing = 16

  init(workers: Int) {
    slots = .allocate(capacity: workers * Self.spacing)
    slots.initialize(repeating: 0)
  }

  deinit { slots.deallocate() }

  subscript(worker: Int) -> Int {
    get { slots[worker * Self.spacing] }
    set { slots[worker * Self.spacing] = newValue }
  }

  func counts(_ workers: Int) -> [Int] { (0..<workers).map { self[$0] } }
}

@Suite("The worker pool")
struct WorkerPoolTests {
  /// More workers than any machine's two or four cores: some are always off their processor.
  @Test("Every worker runs exactly once a call", arguments: [1, 2, 3, 8, 17])
  func exactlyOnce(workers: Int) throws {
    let pool = try WorkerPool(workers: workers)
    let tally = Tally(workers: workers)
    var wrong = 0
    for round in 1...300 {
      pool.run { tally[$0] += 1 }
      if tally.counts(workers) != [Int](repeating: round, count: workers) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("Thousands of calls", arguments: [2, 4])
  func manyCalls(workers: Int) throws {
    let pool = try WorkerPool(workers: workers)
    let tally = Tally(workers: workers)
    for _ in 0..<3000 { pool.run { tally[$0] += 1 } }
    #expect(tally.counts(workers) == [Int](repeating: 3000, count: workers))
  }

  /// Each reads all others' slots between two barriers: a barrier that lets one through early, or that
  /// does not publish what was written before it, shows as a wrong sum.
  @Test("Nobody passes a barrier before everybody is there", arguments: [2, 3, 8])
  func barrier(workers: Int) throws {
    let pool = try WorkerPool(workers: workers)
    let written = Tally(workers: workers)
    let wrong = Tally(workers: workers)
    let phases = 200
    pool.run { [pool] worker in
      for phase in 1...phases {
        written[worker] = phase
        pool.meet()
        if written.counts(workers) != [Int](repeating: phase, count: workers) {
          wrong[worker] += 1
        }
        pool.meet()
      }
    }
    #expect(wrong.counts(workers) == [Int](repeating: 0, count: workers))
  }

  @Test("Workers that went to sleep wake up", arguments: [0, 50, 200])
  func sleeping(idleSpinMicroseconds: Int) throws {
    let pool = try WorkerPool(workers: 3, idleSpinMicroseconds: idleSpinMicroseconds)
    let tally = Tally(workers: 3)
    for round in 0..<40 {
      pool.run { tally[$0] += 1 }
      // From no pause at all to far beyond the spin: the moment of falling asleep is in between.
      usleep(useconds_t(round * 25))
    }
    #expect(tally.counts(3) == [40, 40, 40])
  }

  /// Processor time, not time: a worker that spins on uses it up however busy the machine is.
  @Test("Idle workers cost no processor time")
  func idleCost() throws {
    let pool = try WorkerPool(workers: 2)
    let nanoseconds = Tally(workers: 2)
    func note() {
      pool.run { worker in
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        nanoseconds[worker] = time.tv_sec * 1_000_000_000 + time.tv_nsec - nanoseconds[worker]
      }
    }
    note()
    usleep(200_000)
    note()
    #expect(nanoseconds[1] < 100_000_000)
  }

  @Test("Two pools at once do not disturb each other")
  func twoPools() throws {
    let pools = try [WorkerPool(workers: 3), WorkerPool(workers: 2)]
    let tallies = pools.map { Tally(workers: $0.workers) }
    try WorkerPool(workers: 2).run { driver in
      for _ in 0..<1000 { pools[driver].run { tallies[driver][$0] += 1 } }
    }
    #expect(tallies[0].counts(3) == [1000, 1000, 1000])
    #expect(tallies[1].counts(2) == [1000, 1000])
  }

  @Test("A pool ends in whatever state it is", arguments: [0, 1, 3])
  func ending(calls: Int) throws {
    let tally = Tally(workers: 4)
    for round in 0..<50 {
      let pool = try WorkerPool(workers: 4, idleSpinMicroseconds: round % 2 * 200)
      for _ in 0..<calls { pool.run { tally[$0] += 1 } }
      if round % 5 == 0 { usleep(1000) }
    }
    #expect(tally.counts(4) == [Int](repeating: 50 * calls, count: 4))
  }

  @Test("Where binding is refused, work is done all the same")
  func refusedBinding() throws {
    let pool = try WorkerPool(workers: 3, processors: [0, 4095, 4095])
    let tally = Tally(workers: 3)
    pool.run { tally[$0] += 1 }
    #expect(tally.counts(3) == [1, 1, 1])
  }

  @Test("What work captures is released when it has returned", arguments: [1, 2, 3])
  func releasesWork(workers: Int) throws {
    let pool = try WorkerPool(workers: workers)
    for _ in 0..<200 {
      weak var captured: Tally?
      do {
        let tally = Tally(workers: workers)
        captured = tally
        pool.run { tally[$0] += 1 }
      }
      #expect(captured == nil)
    }
  }

  @Test("The longest and the shortest spin that can be asked for", arguments: [Int.max, .min])
  func extremeSpin(idleSpinMicroseconds: Int) throws {
    let pool = try WorkerPool(workers: 2, idleSpinMicroseconds: idleSpinMicroseconds)
    let tally = Tally(workers: 2)
    pool.run { tally[$0] += 1 }
    #expect(tally.counts(2) == [1, 1])
  }

  @Test("Callers of one pool take turns")
  func callersTakeTurns() throws {
    let pool = try WorkerPool(workers: 3)
    let tallies = (0..<4).map { _ in Tally(workers: 3) }
    try WorkerPool(workers: 4).run { caller in
      for _ in 0..<500 { pool.run { tallies[caller][$0] += 1 } }
    }
    for tally in tallies { #expect(tally.counts(3) == [500, 500, 500]) }
  }

  // MARK: - Threads of the process, in processes of their own

  @Test("No thread outlives its pool")
  func threadsEnd() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let before = ProcessLimits.threads
      for round in 0..<300 {
        let pool = try WorkerPool(workers: 3)
        if round % 2 == 0 { pool.run { _ in } }
      }
      exit(ProcessLimits.hasNewThreads(0, since: before) ? 7 : 1)
    }
  }

  @Test(
    "A thread that the system refuses is an error, and those before it are gone",
    Sanitizer.allowsLimits)
  func refusedThread() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let before = ProcessLimits.threads
      // Room for the stacks of some threads, not of five hundred.
      ProcessLimits.limitMemory(toAdditionalBytes: 64 << 20)
      do {
        _ = try WorkerPool(workers: 500)
        exit(1)
      } catch let error as RuntimeError {
        guard error == .threadRefused(code: EAGAIN) else { exit(2) }
        guard error.description.contains("ask for fewer threads") else { exit(3) }
        exit(ProcessLimits.hasNewThreads(0, since: before) ? 7 : 4)
      }
    }
  }
}
