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

  /// The most pixels of a window that slides over its input, and the longest stride. Work, weights and patches grow with
  /// the pixels; a pooling of the whole image has none of these and no such limit.
  static let mostTaps = 1 << 12
  static let longestStride = 1 << 10

  public var tapCount: Int { height * width }

  public func outputHeight(_ inputHeight: Int) -> Int {
    (inputHeight + padding.top + padding.bottom - height) / stride + 1
  }

  public func outputWidth(_ inputWidth: Int) -> Int {
    (inputWidth + padding.left + padding.right - width) / stride + 1
  }
}
