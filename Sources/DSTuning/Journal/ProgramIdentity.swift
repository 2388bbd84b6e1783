import CSystem
import DSCore

/// Which program is running. A changed kernel may keep its id and its place in the registry, but not the
/// bytes of the executable.
public enum ProgramIdentity {
  /// A hash of the executable; "unknown" where it cannot be read. Read once a process, in some ten
  /// milliseconds.
  public static let current: String = {
    // The second is right unless the folder was changed since, and there without /proc.
    for path in ["/proc/self/exe", cs_program_path().map { String(cString: $0) }] {
      guard let path, let bytes = try? AtomicFile.read(path, limitBytes: 1 << 30) else { continue }
      return String(FNV1a.hash(bytes), radix: 16)
    }
    return "unknown"
  }()
}
