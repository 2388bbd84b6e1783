/// A word of the command line that belongs to no flag: `FILE` of `dstune check FILE`.
public struct Positional: Sendable {
  public enum Arity: Sendable, Equatable {
    case one
    case optional
    /// At least so many; only for the last positional.
    case many(atLeast: Int)
  }

  /// As help shows it and as `Arguments` is asked for it: `FILE`.
  public var name: String
  public var value: ValueKind
  public var summary: String
  public var arity: Arity

  public init(
    _ name: String, value: ValueKind = .string, summary: String, arity: Arity = .one
  ) {
    self.name = name
    self.value = value
    self.summary = summary
    self.arity = arity
  }
}

extension Positional {
  /// `FILE`, `[FILE]`, `FILE…` or `[FILE…]`.
  var usage: String {
    switch arity {
    case .one: name
    case .optional: "[\(name)]"
    case .many(atLeast: 0): "[\(name)…]"
    case .many(let minimum):
      Array(repeating: name, count: max(minimum, 1)).joined(separator: " ") + "…"
    }
  }

  package var minimumCount: Int {
    switch arity {
    case .one: 1
    case .optional: 0
    case .many(let minimum): minimum
    }
  }

  package var maximumCount: Int {
    switch arity {
    case .one, .optional: 1
    case .many: .max
    }
  }
}
