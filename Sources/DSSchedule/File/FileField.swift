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
