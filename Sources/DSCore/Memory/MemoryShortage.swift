/// There is no memory for something. Rooms make an error of their own of it, with the same sentence.
public struct MemoryShortage: Error, Hashable, Sendable {
  /// What was asked for.
  public let byteCount: Int

  public init(byteCount: Int) { self.byteCount = byteCount }
}

extension MemoryShortage: CustomStringConvertible {
  /// "there is no memory for 3052 MiB; `ulimit -v` allows this process 586 MiB; …". The limit is the one that leaves
  /// least now.
  public var description: String { description(limits: MemoryLimit.all()) }

  package func description(limits: [MemoryLimit]) -> String {
    let need = "there is no memory for \(Self.mebibytes(byteCount)) MiB"
    guard let limit = limits.min(by: { $0.freeByteCount < $1.freeByteCount }) else { return need }
    // Rounded down: a limit must not look larger than it is.
    let allowed = "\(limit.byteCount >> 20) MiB"
    let advice = "use a smaller batch, resolution or input"
    switch limit.source {
    case .machine: return "\(need); this machine has \(allowed); \(advice)"
    case .addressSpace:
      return "\(need); ulimit -v allows this process \(allowed) in all; raise it, or \(advice)"
    case .data:
      return "\(need); ulimit -d allows this process \(allowed) in all; raise it, or \(advice)"
    case .controlGroup:
      return "\(need); its control group allows \(allowed) in all; raise that, or \(advice)"
    }
  }

  /// Rounded up, so that a small buffer is not "0 MiB".
  private static func mebibytes(_ byteCount: Int) -> Int {
    byteCount >> 20 + (byteCount % (1 << 20) > 0 ? 1 : 0)
  }
}

extension MemoryShortage: MemoryError {
  package var memoryShortage: MemoryShortage? { self }
}

/// An error that may be for want of memory: then the machine is at fault, and not the input it came with.
package protocol MemoryError: Error {
  /// What there is no memory for; `nil` where the error is another one.
  var memoryShortage: MemoryShortage? { get }
}
