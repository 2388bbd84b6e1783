import Synchronization

/// Whose turn it is: a lock of which a child of `fork` can have a new one, since nobody will release the old one there.
final class Turn: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<Mutex<Void>>

  init() {
    lock = .allocate(capacity: 1)
    lock.initialize(to: Mutex(()))
  }

  deinit {
    lock.deinitialize(count: 1)
    lock.deallocate()
  }

  @inline(__always)
  func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try lock.pointee.withLock { _ throws(Failure) in try body() }
  }

  /// Whoever held it is not in this process.
  func restart() { lock.initialize(to: Mutex(())) }
}
