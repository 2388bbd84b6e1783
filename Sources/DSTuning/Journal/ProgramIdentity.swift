import DSCore

/// Which program is running. A changed kernel may keep its id and its place in the registry, but not the
/// bytes of the executable.
public enum ProgramIdentity {
  /// A hash of the executable; "unknown" where it cannot be read. Read once a process, in some ten
  /// milliseconds.
  public static let current: String = {
    // Mapped, not read: its pages are in memory already, and count against no limit of what is resident.
    guard let file = try? MappedFile(path: "/proc/self/exe") else { return "unknown" }
    return String(FNV1a.hash(file.bytes), radix: 16)
  }()
}
