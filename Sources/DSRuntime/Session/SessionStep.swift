import DSCore

/// What one worker does in one step.
struct SessionStep {
  var call: KernelCall
  /// As the kernel is told: it is one of so many, or the only one for rows of its own.
  var worker: Int
  var workers: Int
  /// Bytes from the beginning of the network's input to what the call reads of it; `nil` where it reads a map.
  var imageOffset: Int?
  /// Rows that others computed, to be copied first.
  var copies: Range<Int> = 0..<0
}
