import CHwloc
import Glibc

/// Why a thread runs unbound; a doubt about every measurement it makes, not a reason to stop.
public struct BindingFailure: Hashable, Sendable, CustomStringConvertible {
  public let processor: Int
  public let reason: String

  public var description: String {
    "cannot bind a thread to processor \(processor): \(reason); timings may jump between cores"
  }
}

extension Topology {
  /// Binds the calling thread to one processor, given by the system's number.
  ///
  /// - Returns: `nil`, or why the thread stays where it was.
  public func bindCurrentThread(to processor: Int) -> BindingFailure? {
    guard isThisSystem else {
      return BindingFailure(processor: processor, reason: "\(source) is not this machine")
    }
    guard let index = UInt32(exactly: processor),
      cores.contains(where: { $0.operatingSystemProcessors.contains(processor) })
    else {
      return BindingFailure(processor: processor, reason: "this process may not use it")
    }
    guard let set = hwloc_bitmap_alloc() else {
      return BindingFailure(processor: processor, reason: "out of memory")
    }
    defer { hwloc_bitmap_free(set) }
    hwloc_bitmap_only(set, index)
    guard hwloc_set_cpubind(handle.pointer, set, Int32(HWLOC_CPUBIND_THREAD.rawValue)) == 0 else {
      return BindingFailure(processor: processor, reason: TopologyHandle.reason(errno))
    }
    return nil
  }
}
