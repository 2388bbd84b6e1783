/// An object of the file: one table of fields serves reading and writing, and what the table does
/// not know is kept for the next writer.
protocol FileObject: Sendable {
  /// A value that the table then fills.
  init()
  static var fields: [FileField<Self>] { get }
  /// Fields of newer versions and of other tools.
  var unknown: [String: JSONValue] { get set }
}

extension FileObject {
  init(_ value: JSONValue) throws(FieldError) {
    guard case .object(var members) = value else {
      throw FieldError(expected: "an object", found: value)
    }
    self.init()
    for field in Self.fields {
      do { try field.read(&self, members.removeValue(forKey: field.name)) } catch {
        throw error.inside(field.name)
      }
    }
    unknown = members
  }

  var json: JSONValue {
    var members = unknown
    for field in Self.fields { members[field.name] = field.write(self) }
    return .object(members)
  }
}
