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

/// One row of an object's table.
struct FileField<Root>: Sendable {
  let name: String
  let read: @Sendable (inout Root, JSONValue?) throws(FieldError) -> Void
  /// `nil` leaves the field out.
  let write: @Sendable (Root) -> JSONValue?
}

extension FileField {
  static func required<Value>(
    _ name: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ type: FieldType<Value>
  ) -> FileField {
    FileField(name: name) { root, value throws(FieldError) in
      guard let value else { throw FieldError(expected: "", found: nil) }
      root[keyPath: path] = try type.read(value)
    } write: {
      type.write($0[keyPath: path])
    }
  }

  /// A field that may be missing and is not written then.
  static func optional<Value>(
    _ name: String, _ path: WritableKeyPath<Root, Value?> & Sendable, _ type: FieldType<Value>
  ) -> FileField {
    FileField(name: name) { root, value throws(FieldError) in
      root[keyPath: path] = if let value { try type.read(value) } else { nil }
    } write: {
      $0[keyPath: path].map(type.write)
    }
  }

  /// A field that means `standard` where it is missing, and is not written then.
  static func defaulted<Value: Equatable & Sendable>(
    _ name: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ type: FieldType<Value>,
    _ standard: Value
  ) -> FileField {
    FileField(name: name) { root, value throws(FieldError) in
      root[keyPath: path] = if let value { try type.read(value) } else { standard }
    } write: {
      $0[keyPath: path] == standard ? nil : type.write($0[keyPath: path])
    }
  }
}
