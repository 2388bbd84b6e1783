/// Up to six parameter values in the order of a kernel's parameter table, in a form that kernels
/// can read without touching an array.
public struct KernelParameters: Hashable, Sendable {
  public static let capacity = 6

  public var p0: Int
  public var p1: Int
  public var p2: Int
  public var p3: Int
  public var p4: Int
  public var p5: Int

  public init(_ values: [Int] = []) {
    precondition(values.count <= Self.capacity, "\(values.count) kernel parameters")
    func value(_ index: Int) -> Int { index < values.count ? values[index] : 0 }
    (p0, p1, p2, p3, p4, p5) = (value(0), value(1), value(2), value(3), value(4), value(5))
  }
}
