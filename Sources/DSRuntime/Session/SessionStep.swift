import DSCore

/// What one worker does at one time: its part of a step, or of one band of a step.
struct SessionStep {
  /// Of the plan's steps.
  var index: Int
  var call: KernelCall
  /// As the kernel is told: it is one of so many, or the only one for rows of its own.
  var worker: Int
  var workers: Int
  /// Bytes from the beginning of the network's input to what the call reads of it; `nil` where it reads a map.
  var imageOffset: Int?
  /// Rows that others computed, or that a ring keeps, to be copied first.
  var copies: [RowCopy] = []
}
