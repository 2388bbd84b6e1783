import Glibc

/// Looks at a machine for what makes times unsteady: reads /sys and /proc and changes nothing.
public struct MachineInspector: Sendable {
  /// Above this something else is running.
  public static let idleLoad = 0.5

  /// Where /sys and /proc are found; another folder in tests.
  public var root: String

  public init(root: String = "") { self.root = root }

  /// Doubts about measuring on these CPUs.
  public func doubts(cpus: [Int]) -> [MeasurementDoubt] {
    var doubts = governorDoubts(cpus: cpus)
    if isTurboOn { doubts.append(.turbo) }
    if let load = loadAverage, load > Self.idleLoad { doubts.append(.load(average: load)) }
    if isVirtualMachine { doubts.append(.virtualMachine) }
    if let pair = siblings(of: cpus) {
      doubts.append(.siblings(cpu: pair.cpu, sibling: pair.sibling))
    }
    if let quota = quotaCPUs, quota < Double(cpus.count) {
      doubts.append(.quota(cpus: quota, wanted: cpus.count))
    }
    return doubts
  }

  // MARK: - Frequency

  private func governorDoubts(cpus: [Int]) -> [MeasurementDoubt] {
    let names = cpus.compactMap {
      text("/sys/devices/system/cpu/cpu\($0)/cpufreq/scaling_governor")
    }
    let others = Dictionary(grouping: names.filter { $0 != "performance" }, by: { $0 })
    return others.sorted { $0.key < $1.key }.map { .governor(name: $0.key, cpus: $0.value.count) }
  }

  /// Whether the clock rate may rise above its base; false where the machine does not say.
  public var isTurboOn: Bool {
    text("/sys/devices/system/cpu/intel_pstate/no_turbo") == "0"
      || text("/sys/devices/system/cpu/cpufreq/boost") == "1"
  }

  /// Whether any CPU changes its clock rate on demand; `nil` where the machine does not say.
  public func isScalingFrequency(cpus: [Int]) -> Bool? {
    let names = cpus.compactMap {
      text("/sys/devices/system/cpu/cpu\($0)/cpufreq/scaling_governor")
    }
    return names.isEmpty ? nil : names.contains { $0 != "performance" }
  }

  /// The clock rate of the first CPU at this moment, in MHz; `nil` where the machine does not say.
  public var megahertz: Double? {
    let lines = (text("/proc/cpuinfo") ?? "").split(separator: "\n")
    let line = lines.first { $0.hasPrefix("cpu MHz") }
    return line?.split(separator: ":").last.flatMap { Double($0.drop { $0 == " " }) }
  }

  /// Whether addresses differ from run to run; `nil` where the machine does not say.
  public var isAddressSpaceRandomized: Bool? {
    text("/proc/sys/kernel/randomize_va_space").map { $0 != "0" }
  }

  // MARK: - Neighbours

  /// Runnable threads, averaged over a minute.
  public var loadAverage: Double? { loadAverages.first }

  /// Averages over 1, 5 and 15 minutes.
  public var loadAverages: [Double] {
    (text("/proc/loadavg") ?? "").split(separator: " ").prefix(3).compactMap { Double($0) }
  }

  /// Whether a hypervisor announces itself.
  public var isVirtualMachine: Bool {
    let lines = (text("/proc/cpuinfo") ?? "").split(separator: "\n")
    let flags = lines.first { $0.hasPrefix("flags") } ?? ""
    return flags.split(separator: " ").contains("hypervisor")
  }

  private func siblings(of cpus: [Int]) -> (cpu: Int, sibling: Int)? {
    for cpu in cpus {
      let list = text("/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list") ?? ""
      if let sibling = Self.members(ofList: list).first(where: { $0 != cpu }) {
        return (cpu, sibling)
      }
    }
    return nil
  }

  /// "0-1,64" is 0, 1, 64: the kernel's notation of CPU sets.
  static func members(ofList list: String) -> [Int] {
    list.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, 0...last ~= first, last < 1 << 20 else {
        return []
      }
      return Array(first...last)
    }
  }

  // MARK: - Quota

  /// How many CPUs' time the cgroup allows, in version 1 and 2; `nil` where there is no limit.
  public var quotaCPUs: Double? {
    var quotas: [Double] = []
    for line in (text("/proc/self/cgroup") ?? "0::/").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      if fields[1].isEmpty {
        quotas += limits(below: "/sys/fs/cgroup", group: fields[2]) { folder in
          text(folder + "/cpu.max").flatMap(Self.quota(fromMax:))
        }
      } else if fields[1].split(separator: ",").contains("cpu") {
        quotas += limits(below: "/sys/fs/cgroup/\(fields[1])", group: fields[2]) { folder in
          guard let quota = text(folder + "/cpu.cfs_quota_us").flatMap(Double.init), quota > 0,
            let period = text(folder + "/cpu.cfs_period_us").flatMap(Double.init), period > 0
          else { return nil }
          return quota / period
        }
      }
    }
    return quotas.min()
  }

  /// A group is bound by its own limit and by those of all groups around it.
  private func limits(
    below mount: String, group: Substring, limit: (String) -> Double?
  ) -> [Double] {
    var parts = group.split(separator: "/")
    var found: [Double] = []
    while true {
      let folder = ([mount] + parts.map(String.init)).joined(separator: "/")
      if let quota = limit(folder) { found.append(quota) }
      guard parts.popLast() != nil else { return found }
    }
  }

  /// "50000 100000" is half a CPU; "max 100000" is no limit.
  static func quota(fromMax text: String) -> Double? {
    let numbers = text.split(separator: " ").map { Double($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else {
      return nil
    }
    return quota / period
  }

  // MARK: - Files

  /// A small file without the newline at its end; `nil` where there is none.
  private func text(_ path: String) -> String? {
    guard let file = fopen(root + path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { return nil }
    var text = bytes[..<count]
    while text.last == UInt8(ascii: "\n") { text.removeLast() }
    return String(decoding: text, as: UTF8.self)
  }
}
