/// What is done to the 8-bit values of an image before they enter the network.
public enum Preprocessing: String, Sendable, Hashable, CaseIterable {
  /// `x / 127.5 − 1`: what all three Keras networks were trained with ("tf" mode).
  case scaleMinusOneToOne = "minus-one-to-one"
  /// `x / 255`.
  case scaleZeroToOne = "zero-to-one"
  /// The values as they are, 0 to 255.
  case none

  /// The network's input value for a pixel value from 0 to 255, rounded as Keras rounds in float32.
  public func callAsFunction(_ pixel: Float) -> Float {
    switch self {
    case .scaleMinusOneToOne: pixel / 127.5 - 1
    case .scaleZeroToOne: pixel / 255
    case .none: pixel
    }
  }
}
