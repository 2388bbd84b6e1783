import Glibc

/// Where measurements of this machine are kept between runs: `$XDG_CACHE_HOME/dstune`.
public enum CacheFolder {
  /// The folder, made where it is missing; `nil` where there is no place for it.
  public static let path: String? = {
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
