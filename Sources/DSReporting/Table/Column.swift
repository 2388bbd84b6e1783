/// A column of a table, in every format.
public struct Column: Sendable, Hashable {
  public enum Kind: Sendable {
    case text, integer, number, flag
    /// A list, or values by name.
    case nested
  }

  /// What a column is for, to formats that treat some specially.
  public enum Role: Sendable {
    /// Part of a row's name.
    case key
    /// Something measured or derived.
    case figure
    /// How a row was made or checked: mostly the same in all of them.
    case condition
    case threads
    /// All samples, nanoseconds.
    case samples
    /// Says where and how, the same in every row.
    case context
  }

  /// Names from the outside in: `["microseconds", "median"]` is nested in JSON and
  /// "microseconds_median" elsewhere.
  public var path: [String]
  /// Heading in tables for people; `nil` where the column is for machines only.
  public var title: String?
  public var kind: Kind
  public var role: Role

  public init(_ path: String..., title: String? = nil, kind: Kind, role: Role = .figure) {
    precondition(!path.isEmpty, "a column without a name")
    self.path = path
    self.title = title
    self.kind = kind
    self.role = role
  }

  public var name: String { path.joined(separator: "_") }
}
