/// What becomes of the values of a window. A type and not closures: those were called for every value.
protocol PoolingRule {
  static var start: Float { get }
  /// Whether `accumulateOrdered` may pass over NaN.
  static var needsOrder: Bool { get }
  static func accumulate(_ pooled: inout Vector, _ input: Vector, _ activation: Bounds)
  /// The same of values of which none is NaN.
  static func accumulateOrdered(_ pooled: inout Vector, _ input: Vector, _ activation: Bounds)
  static func finish(_ pooled: Vector, _ count: Int, _ activation: Bounds) -> Vector
}

/// Of the activation before pooling. Vectors, not numbers to be spread: see `clamp`.
struct Bounds {
  let low: Vector
  let high: Vector
}

/// The greatest of clamped values is the greatest value, clamped: once and not nine times. NaN in a window is its maximum.
enum MaximumRule: PoolingRule {
  @inline(always) static var start: Float { -.infinity }
  @inline(always) static var needsOrder: Bool { true }
  @inline(always) static func accumulate(
    _ pooled: inout Vector, _ input: Vector, _ activation: Bounds
  ) {
    accumulateOrdered(&pooled, input, activation)
    pooled = pooled.replacing(with: input, where: input .!= input)
  }
  @inline(always) static func accumulateOrdered(
    _ pooled: inout Vector, _ input: Vector, _ activation: Bounds
  ) {
    pooled = greater(input, pooled)
  }
  @inline(always) static func finish(_ pooled: Vector, _ count: Int, _ activation: Bounds)
    -> Vector
  { clamp(pooled, activation.low, activation.high) }
}

enum AverageRule: PoolingRule {
  @inline(always) static var start: Float { 0 }
  @inline(always) static var needsOrder: Bool { false }
  @inline(always) static func accumulate(
    _ pooled: inout Vector, _ input: Vector, _ activation: Bounds
  ) {
    pooled += clamp(input, activation.low, activation.high)
  }
  @inline(always) static func accumulateOrdered(
    _ pooled: inout Vector, _ input: Vector, _ activation: Bounds
  ) { accumulate(&pooled, input, activation) }
  @inline(always) static func finish(_ pooled: Vector, _ count: Int, _ activation: Bounds)
    -> Vector
  { pooled / Vector(repeating: Float(count)) }
}
