import DSCore

/// A feature map in channel blocks, addressed by pixel and channel.
struct BlockedTensor {
  let base: UnsafeMutableRawPointer
  let planeBytes: Int
  let block: Int

  init(_ base: UnsafeMutableRawPointer, planeBytes: Int, block: Int) {
    self.base = base
    self.planeBytes = planeBytes
    self.block = block
  }

  init(input call: UnsafePointer<KernelCall>) {
    self.init(
      UnsafeMutableRawPointer(mutating: call.pointee.input),
      planeBytes: call.pointee.inputPlaneBytes, block: call.pointee.channelBlock)
  }

  init(output call: UnsafePointer<KernelCall>) {
    self.init(
      call.pointee.output, planeBytes: call.pointee.outputPlaneBytes,
      block: call.pointee.channelBlock)
  }

  init?(residual call: UnsafePointer<KernelCall>) {
    guard let base = call.pointee.residual else { return nil }
    self.init(
      UnsafeMutableRawPointer(mutating: base), planeBytes: call.pointee.residualPlaneBytes,
      block: call.pointee.channelBlock)
  }

  @inline(__always)
  func address(pixel: Int, channel: Int) -> UnsafeMutablePointer<Float> {
    let offset =
      channel / block &* planeBytes &+ (pixel &* block &+ channel % block) &* 4
    return (base + offset).assumingMemoryBound(to: Float.self)
  }

  subscript(pixel: Int, channel: Int) -> Float {
    @inline(__always) get { address(pixel: pixel, channel: channel).pointee }
    @inline(__always) nonmutating set { address(pixel: pixel, channel: channel).pointee = newValue }
  }

  /// Zeroes the channels that pad the last block, which later layers may read.
  func clearPadding(channels: Int, pixels: Int) {
    let padded = (channels + block - 1) / block * block
    for pixel in 0..<pixels {
      for channel in channels..<padded { self[pixel, channel] = 0 }
    }
  }
}

extension Float {
  /// Clamped like the vector kernels do it: NaN passes.
  @inline(__always)
  func clamped(_ low: Float, _ high: Float) -> Float {
    let raised = self < low ? low : self
    return raised > high ? high : raised
  }
}
