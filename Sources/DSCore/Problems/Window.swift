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

/// The sliding window of a convolution or pooling stage.
public struct Window: Hashable, Sendable {
  public var height: Int
  public var width: Int
  public var stride: Int
  public var padding: Padding

  /// The window of a pointwise convolution: one pixel, stride one, no padding.
  public static let point = Window(size: 1)

  public init(height: Int, width: Int, stride: Int = 1, padding: Padding = .none) {
    self.height = height
    self.width = width
    self.stride = stride
    self.padding = padding
  }

  public init(size: Int, stride: Int = 1, padding: Padding = .none) {
    self.init(height: size, width: size, stride: stride, padding: padding)
  }

  public var tapCount: Int { height * width }

  public func outputHeight(_ inputHeight: Int) -> Int {
    (inputHeight + padding.top + padding.bottom - height) / stride + 1
  }

  public func outputWidth(_ inputWidth: Int) -> Int {
    (inputWidth + padding.left + padding.right - width) / stride + 1
  }
}
