import Foundation

/// Threads and memory of this process, for tests that run in a process of their own.
package enum ProcessLimits {
  /// The numbers of all threads.
  package static var threads: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [])
  }

  /// Whether there are so many threads more than before, or soon will be: one that was joined may still be
  /// listed. Threads that were there before, of the test library, may end meanwhile and do not count.
  package static func hasNewThreads(_ count: Int, since before: Set<String>) -> Bool {
    for _ in 0..<3000 {
      if threads.subtracting(before).count == count { return true }
      usleep(1000)
    }
    return false
  }

  /// Lets the process map so many bytes more, and no more.
  package static func limitMemory(toAdditionalBytes count: UInt) {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").first.flatMap { UInt($0) } ?? 0
    let bytes = rlim_t(pages * UInt(sysconf(Int32(_SC_PAGESIZE))) + count)
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    precondition(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
  }
}
