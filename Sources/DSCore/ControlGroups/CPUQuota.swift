/// The CPU time a cgroup grants, in cores: 0.5 is half a core's time, whatever the cpuset says.
package enum CPUQuota {
  /// The tightest limit on this process; `nil` without one.
  package static func ofThisProcess() -> Double? { read(SystemFile.read) }

  /// The same from any source of file contents.
  package static func read(_ file: (String) -> String?) -> Double? {
    ControlGroup.groups(of: "cpu", file).compactMap { group in
      let words =
        group.isUnified
        ? file("\(group.folder)/cpu.max")?.split(whereSeparator: \.isWhitespace)
        : file("\(group.folder)/cpu.cfs_quota_us").flatMap { quota in
          file("\(group.folder)/cpu.cfs_period_us").map { period in
            "\(quota) \(period)".split(whereSeparator: \.isWhitespace)
          }
        }
      return words.flatMap(cores)
    }.min()
  }

  /// "50000 100000" (µs of each period); "max" and -1 mean no limit.
  private static func cores(_ words: [Substring]) -> Double? {
    guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]),
      quota > 0, period > 0
    else { return nil }
    return quota / period
  }
}
