import DSCore

/// A feature map in Float64, NHWC, with a bound on how far a Float32 kernel's value may be off.
public struct ReferenceTensor: Sendable {
  public let shape: FeatureShape
  public var values: [Double]
  /// Absolute; zero for inputs, which are Float32 already.
  public var bounds: [Double]

  public init(shape: FeatureShape, values: [Double], bounds: [Double]? = nil) {
    precondition(values.count == shape.elementCount, "\(values.count) values for \(shape)")
    self.shape = shape
    self.values = values
    self.bounds = bounds ?? [Double](repeating: 0, count: values.count)
  }

  /// Reads a tensor in channel blocks.
  public init(blocked base: UnsafeRawPointer, _ layout: TensorLayout) {
    let shape = layout.shape
    var values: [Double] = []
    values.reserveCapacity(shape.elementCount)
    for pixel in 0..<shape.pixelCount {
      for channel in 0..<shape.channels {
        let offset = layout.byteOffset(pixel: pixel, channel: channel)
        values.append(Double(base.loadUnaligned(fromByteOffset: offset, as: Float.self)))
      }
    }
    self.init(shape: shape, values: values)
  }

  /// Writes the values, rounded to Float32, in channel blocks; padding channels become zero.
  public func write(to base: UnsafeMutableRawPointer, _ layout: TensorLayout) {
    let padded = layout.blockCount * layout.channelBlock
    for pixel in 0..<shape.pixelCount {
      for channel in 0..<padded {
        let value =
          channel < shape.channels ? Float(values[pixel * shape.channels + channel]) : 0
        let offset = layout.byteOffset(pixel: pixel, channel: channel)
        base.storeBytes(of: value, toByteOffset: offset, as: Float.self)
      }
    }
  }
}
