import DSCore

/// How the zero padding of a window follows from the size of its input.
public enum PaddingRule: Sendable, Hashable {
  /// TensorFlow's: as much as makes the output ⌈input / stride⌉, an odd pixel last.
  case same
  /// None.
  case valid
  case explicit(Padding)

  func padding(input: FeatureShape, kernel: KernelSize, stride: Int) -> Padding {
    switch self {
    case .valid: return .none
    case .explicit(let padding): return padding
    case .same:
      func same(_ size: Int) -> Padding {
        .same(height: input.height, width: input.width, kernel: size, stride: stride)
      }
      let (rows, columns) = (same(kernel.height), same(kernel.width))
      return Padding(
        top: rows.top, bottom: rows.bottom, left: columns.left, right: columns.right)
    }
  }
}

/// `"same"`, `"valid"` or `[top, bottom, left, right]`.
extension PaddingRule: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    let word = try? value.decode(String.self)
    let sides = try? value.decode([WholeNumber].self).map(\.value)
    switch (word, sides) {
    case ("same", _): self = .same
    case ("valid", _): self = .valid
    case (_, let sides?) where sides.count == 4:
      self = .explicit(
        Padding(top: sides[0], bottom: sides[1], left: sides[2], right: sides[3]))
    default:
      throw DecodingError.dataCorruptedError(
        in: value, debugDescription: "'same', 'valid' or [top, bottom, left, right] belongs here")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .same: try value.encode("same")
    case .valid: try value.encode("valid")
    case .explicit(let sides):
      try value.encode([sides.top, sides.bottom, sides.left, sides.right])
    }
  }
}
