import Glibc

/// Where measurements of this machine are kept between runs: `$XDG_CACHE_HOME/dstune`.
enum CacheFolder {
  /// The folder, made where it is missing; `nil` where there is no place for it.
  static let path: String? = {
    let cache = variable("XDG_CACHE_HOME") ?? variable("HOME").map { $0 + "/.cache" }
    guard let cache, cache.hasPrefix("/") else { return nil }
    let folder = cache + "/dstune"
    for path in [cache, folder] where mkdir(path, 0o755) != 0 && errno != EEXIST { return nil }
    return folder
  }()

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// Held while a command measures, so that a second one can say that it is not alone.
final class MeasurementLock {
  private let descriptor: Int32
  /// Whether another process holds it.
  let isContended: Bool

  init() {
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
