import Glibc

/// Held while a command measures, so that a second one can say that it is not alone.
public final class MeasurementLock {
  private let descriptor: Int32
  /// Whether another process holds it.
  public let isContended: Bool

  public init() {
    guard let folder = CacheFolder.path else {
      (descriptor, isContended) = (-1, false)
      return
    }
    descriptor = open(folder + "/measuring.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    isContended =
      descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
