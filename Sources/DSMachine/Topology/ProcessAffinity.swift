import CSystem

/// The processors the system lets this process run on (`taskset`, a batch system's binding).
enum ProcessAffinity {
  /// As it was when first asked for: later the calling thread may be bound to one of them. `nil`
  /// where the system does not say.
  static let initialProcessors: Set<Int>? = current().map { Set($0) }

  /// Of the calling thread, ascending.
  static func current() -> [Int]? {
    let capacity = Int(CS_MAXIMUM_CPUS)
    let processors = [Int32](unsafeUninitializedCapacity: capacity) { buffer, count in
      count = max(0, Int(cs_affinity_get(buffer.baseAddress, Int32(capacity))))
    }
    return processors.isEmpty ? nil : processors.map { Int($0) }
  }

  /// Lets the calling thread run on any of the processors again.
  static func restore(_ processors: [Int]) {
    let numbers = processors.map { Int32(clamping: $0) }
    _ = cs_affinity_set(numbers, Int32(numbers.count))
  }
}
