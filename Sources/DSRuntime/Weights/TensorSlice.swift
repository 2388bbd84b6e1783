import DSCore

/// The Float32 values of one tensor, row-major, inside a mapped file or in memory of their own.
///
/// Unchecked sendability: the values are never written after the slice exists.
public struct TensorSlice: @unchecked Sendable {
  public let shape: [Int]
  private let base: UnsafePointer<Float>
  private let owner: AnyObject

  public var count: Int { shape.reduce(1, *) }

  /// `base` points to as many values as the shape says and lives as long as `owner`.
  package init(shape: [Int], base: UnsafePointer<Float>, owner: AnyObject) {
    self.shape = shape
    self.base = base
    self.owner = owner
  }

  /// Values computed one by one, by index.
  package init(shape: [Int], value: (Int) -> Float) throws(MemoryShortage) {
    let count = shape.reduce(1, *)
    let buffer = try AlignedBuffer(byteCount: count * MemoryLayout<Float>.size)
    let base = buffer.base.bindMemory(to: Float.self, capacity: count)
    for index in 0..<count { base[index] = value(index) }
    self.init(shape: shape, base: base, owner: buffer)
  }

  /// The values, valid inside `body` only.
  public func withValues<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(owner) {} }
    return try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// The first value that is NaN or infinite.
  package var firstNonFiniteIndex: Int? {
    withValues { values in
      // The maximum over all bit patterns is one vector instruction a step; a search is a branch
      // a value. Only a broken tensor is searched.
      let largest = values.reduce(0) { max($0, $1.bitPattern & 0x7fff_ffff) }
      return largest < Float.infinity.bitPattern ? nil : values.firstIndex { !$0.isFinite }
    }
  }
}
