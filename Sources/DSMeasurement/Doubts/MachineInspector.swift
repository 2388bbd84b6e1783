import DSCore

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
    if let quota = CPUQuota.read(text), quota < Double(cpus.count) {
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

  // MARK: - Files

  /// A small file without the newline at its end; `nil` where there is none.
  private func text(_ path: String) -> String? { SystemFile.text(root + path) }
}
