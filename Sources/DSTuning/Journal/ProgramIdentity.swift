import CSystem
import DSCore

/// Which program is running. A changed kernel may keep its id and its place in the registry, but not the
/// bytes of the executable.
public enum ProgramIdentity {
  /// A hash of the executable; "unknown" where it cannot be read. Read once a process, in some ten
  /// milliseconds.
  public static let current: String = {
    // The second is right unless the folder was changed since, and there without /proc. Mapped, not read: its pages are in
    // memory already, and count against no limit of what is resident.
    for path in ["/proc/self/exe", cs_program_path().map { String(cString: $0) }] {
      guard let path, let file = try? MappedFile(path: path) else { continue }
      return String(FNV1a.hash(file.bytes), radix: 16)
    }
    return "unknown"
  }()
}
