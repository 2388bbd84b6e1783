import Glibc

/// Something that bounds this process's memory, and how much of that is taken.
package struct MemoryLimit: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    /// What the machine has.
    case machine
    /// RLIMIT_AS, the shell's `ulimit -v`: all that is mapped counts.
    case addressSpace
    /// RLIMIT_DATA, the shell's `ulimit -d`: what is mapped to be written counts.
    case data
    /// A control group's, or that of one above it: what is resident counts, of all its processes.
    case controlGroup
  }

  package let source: Source
  /// In all.
  package let byteCount: Int
  /// Taken, and not to be had back by dropping what is cached of files.
  package let usedByteCount: Int

  package init(_ source: Source, byteCount: Int, usedByteCount: Int) {
    self.source = source
    self.byteCount = byteCount
    self.usedByteCount = usedByteCount
  }

  package var freeByteCount: Int { max(0, byteCount - usedByteCount) }

  /// Every limit on this process; the machine's own memory is always one.
  package static func all() -> [MemoryLimit] {
    all(SystemFile.read, controlGroups: controlGroups, resource: softLimit)
  }

  /// The same from any source of file contents and resource limits; what cannot be read limits nothing.
  ///
  /// - Parameter resource: the soft limit in bytes, `nil` without one.
  package static func all(
    _ file: (String) -> String?, resource: (Source) -> Int?
  ) -> [MemoryLimit] {
    all(
      file, controlGroups: ControlGroup.groups(of: "memory", file), resource: resource)
  }

  private static func all(
    _ file: (String) -> String?, controlGroups: [ControlGroup], resource: (Source) -> Int?
  ) -> [MemoryLimit] {
    let machine = MemoryLimit(.machine, byteCount: SystemMemory.byteCount, usedByteCount: 0)
    let pages = file("/proc/self/statm")?.split(whereSeparator: \.isWhitespace).map { Int($0) ?? 0 }
    // Fields 1 and 6 of proc_pid_statm(5): all that is mapped, and data with stacks.
    let resources = [(Source.addressSpace, 0), (.data, 5)].compactMap { source, field in
      resource(source).map { limit in
        let used = pages.map { $0.indices.contains(field) ? $0[field] : 0 } ?? 0
        return MemoryLimit(
          source, byteCount: limit, usedByteCount: used * SystemMemory.pageByteCount)
      }
    }
    return [machine] + resources + controlGroups.compactMap { limit(of: $0, file) }
  }

  /// The groups of a process do not change under it, their limits may.
  private static let controlGroups = ControlGroup.groups(of: "memory", SystemFile.read)

  private static func limit(
    of group: ControlGroup, _ file: (String) -> String?
  ) -> MemoryLimit? {
    func number(_ name: String) -> Int? {
      file("\(group.folder)/\(name)")?.split(whereSeparator: \.isWhitespace).first
        .flatMap { Int($0) }
    }
    func statistic(_ name: String) -> Int? {
      let lines = file("\(group.folder)/memory.stat")?.split(separator: "\n") ?? []
      return lines.first { $0.hasPrefix("\(name) ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
    }
    // "max", and in version 1 the largest multiple of a page, mean none.
    guard
      let limit = number(group.isUnified ? "memory.max" : "memory.limit_in_bytes"),
      (0..<1 << 60).contains(limit)
    else { return nil }
    let used = number(group.isUnified ? "memory.current" : "memory.usage_in_bytes") ?? 0
    let cached = statistic(group.isUnified ? "inactive_file" : "total_inactive_file") ?? 0
    return MemoryLimit(
      .controlGroup, byteCount: limit, usedByteCount: max(0, used - max(0, cached)))
  }

  private static func softLimit(_ source: Source) -> Int? {
    let resource: __rlimit_resource
    switch source {
    case .addressSpace: resource = RLIMIT_AS
    case .data: resource = RLIMIT_DATA
    case .machine, .controlGroup: return nil
    }
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
    // RLIM_INFINITY is beyond what Int holds.
    return Int(exactly: limit.rlim_cur)
  }
}
