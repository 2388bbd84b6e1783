import DSNetworks
import DSRuntime
import Glibc
import Synchronization
import TestSupport
import Testing

/// In processes of their own: a child of the test process has locks that other tests' threads held.
@Suite("After fork")
struct ForkTests {
  private static func prepared(workers: Int) throws -> PreparedNetwork {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    return try PreparedNetwork(
      seeded: NetworkPlan(network, workers: workers, fusing: { _ in false }))
  }

  @Test("A child gets the parent's results from a network it inherits", arguments: [1, 2, 3])
  func network(workers: Int) async {
    await #expect(processExitsWith: .exitCode(7)) { [workers] in
      let prepared = try Self.prepared(workers: workers)
      let image = prepared.network.image()
      let expected = try prepared.run(image)
      let code = ForkedChild.exitCode {
        // A second time with what the first one made.
        for _ in 0..<2 where (try? prepared.run(image)) != expected { return 1 }
        return 0
      }
      // The parent goes on as before.
      let again = try prepared.run(image)
      exit(code == 0 && again == expected ? 7 : 2)
    }
  }

  @Test("A child of a child does, too, from a session")
  func session() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let session = try Self.prepared(workers: 2).makeSession()
      let image = session.plan.network.image()
      let expected = try session.run(image)
      let code = ForkedChild.exitCode {
        let inner = ForkedChild.exitCode { (try? session.run(image)) == expected ? 0 : 1 }
        return inner == 0 && (try? session.run(image)) == expected ? 0 : 1
      }
      exit(code == 0 ? 7 : 2)
    }
  }

  /// Other threads of the parent are inside an inference, waiting for their turn, or taking a session when it forks.
  @Test("Whatever the parent was doing")
  func busyParent() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let prepared = try Self.prepared(workers: 2)
      let session = try prepared.makeSession()
      let image = prepared.network.image()
      let expected = try session.run(image)
      let isOver = Atomic(false)
      var wrong = 0
      let callers = try WorkerPool(workers: 4)
      withUnsafeMutablePointer(to: &wrong) { wrong in
        nonisolated(unsafe) let wrong = wrong
        callers.run { caller in
          if caller == 0 {
            for _ in 0..<40 {
              let code = ForkedChild.exitCode {
                (try? session.run(image)) == expected && (try? prepared.run(image)) == expected
                  && session.profiledRun(image).total > 0 ? 0 : 1
              }
              if code != 0 { wrong.pointee += 1 }
            }
            isOver.store(true, ordering: .relaxed)
          }
          while !isOver.load(ordering: .relaxed) {
            switch caller {
            case 1: _ = try? session.run(image)
            case 2: _ = try? prepared.run(image)
            default: _ = session.profiledRun(image)
            }
          }
        }
      }
      exit(wrong == 0 ? 7 : 2)
    }
  }

  @Test("Several threads of a child start one crew")
  func severalThreads() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let pool = try WorkerPool(workers: 3)
      let code = ForkedChild.exitCode {
        let before = ProcessLimits.threads.count
        let runs = Atomic(0)
        guard let callers = try? WorkerPool(workers: 4) else { return 2 }
        callers.run { _ in
          for _ in 0..<50 { pool.run { _ in runs.add(1, ordering: .relaxed) } }
        }
        guard runs.load(ordering: .relaxed) == 4 * 50 * 3 else { return 3 }
        return ProcessLimits.threads.count == before + 3 + 2 ? 0 : 4
      }
      exit(code == 0 ? 7 : 2)
    }
  }

  @Test("A child that never uses a pool can drop it")
  func droppedPool() async {
    await #expect(processExitsWith: .exitCode(7)) {
      var pool: WorkerPool? = try WorkerPool(workers: 3)
      let code = ForkedChild.exitCode {
        pool = nil
        return pool == nil ? 0 : 1
      }
      exit(code == 0 ? 7 : 2)
    }
  }

  @Test("Threads that a child is refused are an error, and the parent's inference is none")
  func refusedThreads() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let session = try Self.prepared(workers: 2).makeSession()
      let image = session.plan.network.image()
      let code = ForkedChild.exitCode {
        ProcessLimits.limitMemory(toAdditionalBytes: 1 << 20)
        // Those take the stacks that the parent's threads left behind.
        var others: [WorkerPool] = []
        while let pool = try? WorkerPool(workers: 2) { others.append(pool) }
        defer { withExtendedLifetime(others) {} }
        do {
          _ = try session.run(image)
          return 1
        } catch RuntimeError.threadRefused {
          return 0
        } catch {
          return 2
        }
      }
      exit(code == 0 ? 7 : 2)
    }
  }
}

extension Session {
  fileprivate func profiledRun(_ image: [Float]) -> (total: UInt64, steps: [UInt64]) {
    image.withUnsafeBytes { bytes in
      bytes.baseAddress.map { profiledRun($0) } ?? (0, [])
    }
  }
}
