import CSystem
import DSCore
import Synchronization

/// An atomic 32-bit word on cache lines of its own, on which threads wait: spinning first, then asleep.
///
/// Spinning is bounded by time, not by count, as a pause takes 10 to 140 cycles depending on the CPU. A
/// thread that sleeps costs no CPU; waking it costs a system call, so the waker makes one only if
/// somebody sleeps.
final class SharedWord: @unchecked Sendable {
  private let storage: UnsafeMutablePointer<Atomic<UInt32>>
  private let sleepers: UnsafeMutablePointer<Atomic<UInt32>>
  private let memory: UnsafeMutableRawPointer
  private static let lineBytes = 128

  init() {
    memory = .allocate(byteCount: 2 * Self.lineBytes, alignment: Self.lineBytes)
    storage = memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    sleepers = (memory + Self.lineBytes).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    storage.initialize(to: Atomic(0))
    sleepers.initialize(to: Atomic(0))
  }

  deinit {
    storage.deinitialize(count: 1)
    sleepers.deinitialize(count: 1)
    memory.deallocate()
  }

  @inline(__always)
  func load() -> UInt32 { storage.pointee.load(ordering: .acquiring) }

  /// Adds one and wakes whoever sleeps on the old value.
  ///
  /// Both sides are sequentially consistent: a sleeper counts itself before it looks at the word again,
  /// so either this sees the sleeper or the sleeper sees the new value.
  func advance() {
    storage.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleepers.pointee.load(ordering: .sequentiallyConsistent) > 0 {
      cs_futex_wake_all(UnsafeRawPointer(storage).assumingMemoryBound(to: UInt32.self))
    }
  }

  /// Atomically adds one; the value before.
  @inline(__always)
  func increment() -> UInt32 {
    storage.pointee.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
  }

  func reset() { storage.pointee.store(0, ordering: .relaxed) }

  /// As it was in the beginning, in a child of `fork`, where those who slept are not.
  func restart() {
    reset()
    sleepers.pointee.store(0, ordering: .relaxed)
  }

  /// Returns once the word is no longer `value`: spins for `spinNanoseconds`, then sleeps.
  func wait(while value: UInt32, spinNanoseconds: UInt64) {
    for _ in 0..<64 {
      if load() != value { return }
      cs_pause()
    }
    let start = cs_monotonic_ns()
    repeat {
      for _ in 0..<32 {
        if load() != value { return }
        cs_pause()
      }
    } while ClockTime.elapsed(from: start, to: cs_monotonic_ns()) < spinNanoseconds
    sleep(while: value)
  }

  /// Returns once the word, which only grows, has reached `target` (counted modulo 2³²).
  @inline(__always)
  func wait(until target: UInt32, spinNanoseconds: UInt64) {
    var value = load()
    while Int32(bitPattern: value &- target) < 0 {
      wait(while: value, spinNanoseconds: spinNanoseconds)
      value = load()
    }
  }

  private func sleep(while value: UInt32) {
    sleepers.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while storage.pointee.load(ordering: .sequentiallyConsistent) == value {
      cs_futex_wait(UnsafeRawPointer(storage).assumingMemoryBound(to: UInt32.self), value, -1)
    }
    sleepers.pointee.wrappingSubtract(1, ordering: .sequentiallyConsistent)
  }
}
