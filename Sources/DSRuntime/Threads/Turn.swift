import Glibc

/// Whose turn it is: a lock of which a child of `fork` can have a new one, since nobody will release the old one there.
///
/// A POSIX mutex and not Swift's: that one keeps a thread's number from before the fork, and ends the process where another thread
/// of the child waits for it (Swift 6.3).
final class Turn: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deinitialize(count: 1)
    lock.deallocate()
  }

  @inline(__always)
  func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body()
  }

  /// Whoever held it is not in this process.
  func restart() { pthread_mutex_init(lock, nil) }
}
