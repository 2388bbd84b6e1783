import DSCore

/// How a value stands in the file: read and write in one place.
struct FieldType<Value>: Sendable {
  let read: @Sendable (JSONValue) throws(FieldError) -> Value
  let write: @Sendable (Value) -> JSONValue
}

extension FieldType where Value == String {
  static let text = FieldType { value throws(FieldError) in
    guard case .string(let text) = value else {
      throw FieldError(expected: "a string", found: value)
    }
    return text
  } write: {
    .string($0)
  }
}

extension FieldType where Value == Int {
  static let integer = FieldType { value throws(FieldError) in
    guard let integer = value.exactInteger else {
      throw FieldError(expected: "an integer", found: value)
    }
    return integer
  } write: {
    .integer($0)
  }

  static func integer(atLeast minimum: Int) -> FieldType {
    FieldType { value throws(FieldError) in
      guard let integer = value.exactInteger, integer >= minimum else {
        throw FieldError(expected: "an integer of at least \(minimum)", found: value)
      }
      return integer
    } write: {
      .integer($0)
    }
  }
}

extension FieldType where Value == Double {
  /// Times, ratios and widths: none of them is negative.
  static let magnitude = FieldType { value throws(FieldError) in
    guard let number = value.double, number >= 0 else {
      throw FieldError(expected: "a number of at least 0", found: value)
    }
    return number
  } write: {
    .number($0)
  }
}

extension FieldType
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// One of the type's names.
  static var name: FieldType {
    FieldType { value throws(FieldError) in
      guard case .string(let text) = value, let named = Value(rawValue: text) else {
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw FieldError(expected: "one of \(names)", found: value)
      }
      return named
    } write: {
      .string($0.rawValue)
    }
  }
}

extension FieldType where Value: FileObject {
  static var object: FieldType {
    FieldType { value throws(FieldError) in
      try Value(value)
    } write: {
      $0.json
    }
  }
}

extension FieldType {
  static func list<Element>(_ element: FieldType<Element>) -> FieldType where Value == [Element] {
    FieldType { value throws(FieldError) in
      guard case .array(let values) = value else {
        throw FieldError(expected: "an array", found: value)
      }
      var elements: [Element] = []
      elements.reserveCapacity(values.count)
      for (index, value) in values.enumerated() {
        do throws(FieldError) { elements.append(try element.read(value)) } catch {
          throw error.inside("[\(index)]")
        }
      }
      return elements
    } write: {
      .array($0.map(element.write))
    }
  }

  static func dictionary<Element>(
    _ element: FieldType<Element>
  ) -> FieldType where Value == [String: Element] {
    FieldType { value throws(FieldError) in
      guard case .object(let members) = value else {
        throw FieldError(expected: "an object", found: value)
      }
      var elements: [String: Element] = [:]
      for (key, value) in members.sorted(by: { $0.key < $1.key }) {
        do throws(FieldError) { elements[key] = try element.read(value) } catch {
          throw error.inside(key)
        }
      }
      return elements
    } write: {
      .object($0.mapValues(element.write))
    }
  }
}
