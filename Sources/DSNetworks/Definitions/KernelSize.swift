/// Rows and columns of a window.
public struct KernelSize: Sendable, Hashable, ExpressibleByIntegerLiteral {
  public var height: Int
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  public init(integerLiteral size: Int) { self.init(height: size, width: size) }
}

/// `3` or `[3, 5]`.
extension KernelSize: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let size = try? value.decode(WholeNumber.self).value {
      self.init(height: size, width: size)
      return
    }
    guard let sizes = try? value.decode([WholeNumber].self).map(\.value), sizes.count == 2 else {
      throw DecodingError.dataCorruptedError(
        in: value, debugDescription: "a whole number or [height, width] belongs here")
    }
    self.init(height: sizes[0], width: sizes[1])
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    if height == width { try value.encode(height) } else { try value.encode([height, width]) }
  }
}
