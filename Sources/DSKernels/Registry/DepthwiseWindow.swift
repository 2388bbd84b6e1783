import DSCore

/// What depthwise register tiles are made for: the width of a window, its height being a loop, and its stride.
struct DepthwiseWindow: Hashable, Sendable {
  let size: Int
  let stride: Int

  init(_ size: Int, _ stride: Int) {
    self.size = size
    self.stride = stride
  }

  init(_ window: Window) { self.init(window.width, window.stride) }
}
