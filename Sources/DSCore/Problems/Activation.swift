/// A clamp applied to every output of a stage; the networks here need no other non-linearity.
///
/// A clamp passes NaN through, so that a broken input stays visible in the output.
public enum Activation: String, Sendable, Hashable, CaseIterable {
  case none
  case relu
  case relu6

  public var lowerBound: Float { self == .none ? -.infinity : 0 }
  public var upperBound: Float { self == .relu6 ? 6 : .infinity }
}
