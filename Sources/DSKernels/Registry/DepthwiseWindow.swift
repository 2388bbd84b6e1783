struct DepthwiseWindow: Hashable, Sendable {
  let size: Int
  let stride: Int

  init(_ size: Int, _ stride: Int) {
    self.size = size
    self.stride = stride
  }
}
