/// Zero padding in pixels on each side of an image.
public struct Padding: Hashable, Sendable {
  public var top: Int
  public var bottom: Int
  public var left: Int
  public var right: Int

  public static let none = Padding(top: 0, bottom: 0, left: 0, right: 0)

  public init(top: Int, bottom: Int, left: Int, right: Int) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// The same padding before and after in both directions.
  public init(before: Int, after: Int) {
    self.init(top: before, bottom: after, left: before, right: after)
  }

  /// TensorFlow's `same`: the output is ⌈input / stride⌉ and an odd pixel of padding goes last.
  public static func same(height: Int, width: Int, kernel: Int, stride: Int) -> Padding {
    func total(_ extent: Int) -> Int {
      max(0, ((extent + stride - 1) / stride - 1) * stride + kernel - extent)
    }
    let rows = total(height)
    let columns = total(width)
    return Padding(
      top: rows / 2, bottom: rows - rows / 2, left: columns / 2, right: columns - columns / 2)
  }
}
