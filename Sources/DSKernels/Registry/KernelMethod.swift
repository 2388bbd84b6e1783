/// How a kernel goes about its operator: the rungs of the ladder, simplest first.
public enum KernelMethod: String, Sendable, Hashable, CaseIterable {
  /// The formula as nested loops, one thread.
  case naive
  /// Loops cut into cache-sized tiles, one thread, no vectors written out.
  case tiled
  /// The patches copied into a matrix, then a matrix product, one thread.
  case im2col
  /// Register tiles in vector code, one thread.
  case simd
  /// The same register tiles, the work divided among threads.
  case threaded
  /// Several operators at once, so that what lies between them stays in cache.
  case fused
}
