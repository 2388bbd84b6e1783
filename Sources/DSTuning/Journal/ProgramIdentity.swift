import DSCore

/// Which program is running. A changed kernel may keep its id and its place in the registry, but not the
/// bytes of the executable.
public enum ProgramIdentity {
  /// A hash of the executable; "unknown" where it cannot be read. Read once a process, in some ten
  /// milliseconds.
  public static let current: String = {
    guard let bytes = try? AtomicFile.read("/proc/self/exe", limitBytes: 1 << 30) else {
      return "unknown"
    }
    return String(FNV1a.hash(bytes), radix: 16)
  }()
}
