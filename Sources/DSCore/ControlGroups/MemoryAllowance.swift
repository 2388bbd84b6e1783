/// How much memory a measurement may take without harm to anyone.
package enum MemoryAllowance {
  /// An eighth of the machine's memory and a quarter of the tightest cgroup's limit.
  package static func bytes() -> Int { bytes(SystemFile.read) }

  static func bytes(_ file: (String) -> String?) -> Int {
    let machine = SystemMemory.byteCount / 8
    let limits = ControlGroup.groups(of: "memory", file).compactMap { group in
      file("\(group.folder)/\(group.isUnified ? "memory.max" : "memory.limit_in_bytes")")?
        .split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
    }
    return min(machine, limits.map { $0 / 4 }.min() ?? machine)
  }
}
