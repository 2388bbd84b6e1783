import Foundation
import TestSupport

/// A folder like /sys/devices with processors, caches and memory nodes of a machine that is not this one.
struct FakeSystem {
  struct Cache {
    var level: Int
    var size: String
    /// Processors of each instance: "0-3".
    var shared: [String]
  }

  /// Hardware threads of each core: "0,4".
  var cores: [String]
  var packages: [String]
  var caches: [Cache]
  var nodes: [String] = []
  /// Of hybrid x86 machines.
  var performanceProcessors: String?
  /// Of Arm machines, by processor.
  var capacities: [Int: Int] = [:]

  /// Runs `body` with the path that stands for /sys/devices/system.
  func withFiles<Result>(_ body: (String) throws -> Result) throws -> Result {
    try Fixtures.withTemporaryFolder { folder in
      func write(_ text: String, _ path: String) throws {
        let file = URL(filePath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("\(text)\n".utf8).write(to: file)
      }
      try write("all", "system/present")
      for core in cores {
        for processor in Self.numbers(core) {
          let path = "system/cpu/cpu\(processor)"
          try write(core, "\(path)/topology/thread_siblings_list")
          let package = packages.firstIndex { Self.numbers($0).contains(processor) } ?? 0
          try write("\(package)", "\(path)/topology/physical_package_id")
          try write(packages[package], "\(path)/topology/core_siblings_list")
          if let capacity = capacities[processor] {
            try write("\(capacity)", "\(path)/cpu_capacity")
          }
          for (index, row) in caches(of: processor).enumerated() {
            let folder = "\(path)/cache/index\(index)"
            try write("\(row.cache.level)", "\(folder)/level")
            try write(row.type, "\(folder)/type")
            try write(row.cache.size, "\(folder)/size")
            try write(row.shared, "\(folder)/shared_cpu_list")
            try write("64", "\(folder)/coherency_line_size")
          }
        }
      }
      if !nodes.isEmpty { try write("0-\(nodes.count - 1)", "system/node/online") }
      for (index, list) in nodes.enumerated() {
        try write(list, "system/node/node\(index)/cpulist")
      }
      if let performanceProcessors { try write(performanceProcessors, "cpu_core/cpus") }
      return try body(folder + "/system")
    }
  }

  /// The caches above a processor, and an instruction cache that is none of them.
  private func caches(of processor: Int) -> [(cache: Cache, shared: String, type: String)] {
    let data = caches.compactMap { cache in
      cache.shared.first { Self.numbers($0).contains(processor) }
        .map { (cache, $0, cache.level == 1 ? "Data" : "Unified") }
    }
    return data + [(Cache(level: 1, size: "999K", shared: []), "\(processor)", "Instruction")]
  }

  /// "0-2,5" → [0, 1, 2, 5].
  static func numbers(_ list: String) -> [Int] {
    list.split(separator: ",").flatMap { part in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      return Array(ends[0]...ends[ends.count - 1])
    }
  }
}
