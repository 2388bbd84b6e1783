/// The type of a tensor's elements, a dimension of problems, kernels and schedules.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case float32 = "f32"
  case bfloat16 = "bf16"
  case int8 = "i8"

  public var byteCount: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .int8: 1
    }
  }
}
