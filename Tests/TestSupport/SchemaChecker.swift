import DSSchedule
import Foundation

/// The part of JSON Schema (draft 2020-12) that our schemas use. A keyword it does not know is a
/// fault of the schema, so that no rule goes unchecked.
package struct SchemaChecker {
  private let root: JSONValue

  package init(root: JSONValue) { self.root = root }

  /// A schema of this package: "results.schema.json".
  package init(documentation name: String) throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: package.appending(path: "Documentation/\(name)"))
    self.init(root: try JSONValue(parsing: data))
  }

  /// Paths and reasons of everything that does not fit.
  package func faults(of value: JSONValue) -> [String] {
    faults(of: value, schema: root, path: "$")
  }

  /// Paths and reasons of everything that does not fit one of the schema's definitions.
  package func faults(of value: JSONValue, definition: String) -> [String] {
    let reference = JSONValue.object(["$ref": .string("#/$defs/\(definition)")])
    return faults(of: value, schema: reference, path: "$")
  }

  private func faults(of value: JSONValue, schema: JSONValue, path: String) -> [String] {
    if schema == .bool(false) { return ["\(path): is not allowed"] }
    guard case .object(let rules) = schema else { return ["\(path): the schema is no object"] }
    return rules.sorted { $0.key < $1.key }.flatMap {
      faults(of: value, keyword: $0.key, rule: $0.value, rules: rules, path: path)
    }
  }

  private func faults(
    of value: JSONValue, keyword: String, rule: JSONValue, rules: [String: JSONValue], path: String
  ) -> [String] {
    func fault(unless isMet: Bool) -> [String] { isMet ? [] : ["\(path): \(keyword) \(rule)"] }
    switch (keyword, rule, value) {
    case ("$schema", _, _), ("$id", _, _), ("$defs", _, _), ("title", _, _), ("description", _, _),
      ("default", _, _):
      return []
    case ("type", .string(let name), _): return fault(unless: has(value, type: name))
    case ("type", .array(let names), _):
      return fault(
        unless: names.contains {
          if case .string(let name) = $0 { has(value, type: name) } else { false }
        })
    case ("anyOf", .array(let schemas), _):
      return fault(unless: schemas.contains { faults(of: value, schema: $0, path: path).isEmpty })
    case ("enum", .array(let choices), _): return fault(unless: choices.contains(value))
    case ("minimum", _, _):
      guard let number = value.double, let minimum = rule.double else { return [] }
      return fault(unless: number >= minimum)
    case ("exclusiveMinimum", _, _):
      guard let number = value.double, let minimum = rule.double else { return [] }
      return fault(unless: number > minimum)
    case ("maximum", _, _):
      guard let number = value.double, let maximum = rule.double else { return [] }
      return fault(unless: number <= maximum)
    case ("pattern", .string(let pattern), .string(let text)):
      guard let regex = try? Regex(pattern) else { return ["\(path): no pattern \(pattern)"] }
      return fault(unless: text.contains(regex))
    case ("required", .array(let keys), .object(let members)):
      return keys.flatMap { key in
        guard case .string(let name) = key else { return ["\(path): no key \(key)"] }
        return members[name] == nil ? ["\(path).\(name): required"] : []
      }
    case ("properties", .object(let properties), .object(let members)):
      return members.flatMap { key, member in
        properties[key].map { faults(of: member, schema: $0, path: "\(path).\(key)") } ?? []
      }
    case ("additionalProperties", _, .object(let members)):
      let known =
        if case .object(let properties)? = rules["properties"] { properties } else {
          [String: JSONValue]()
        }
      return members.filter { known[$0.key] == nil }.flatMap {
        faults(of: $0.value, schema: rule, path: "\(path).\($0.key)")
      }
    case ("items", _, .array(let elements)):
      return elements.enumerated().flatMap {
        faults(of: $0.element, schema: rule, path: "\(path)[\($0.offset)]")
      }
    case ("minItems", .integer(let count), .array(let elements)):
      return fault(unless: elements.count >= count)
    case ("maxItems", .integer(let count), .array(let elements)):
      return fault(unless: elements.count <= count)
    case ("$ref", .string(let reference), _):
      guard let target = resolve(reference) else { return ["\(path): no \(reference)"] }
      return faults(of: value, schema: target, path: path)
    case ("pattern", _, _), ("required", _, _), ("properties", _, _),
      ("additionalProperties", _, _),
      ("items", _, _), ("minItems", _, _), ("maxItems", _, _):
      return []
    default: return ["\(path): unknown keyword \(keyword)"]
    }
  }

  private func has(_ value: JSONValue, type: String) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool),
      ("null", .null):
      true
    case ("number", _): value.double != nil
    case ("integer", _): value.exactInteger != nil
    default: false
    }
  }

  private func resolve(_ reference: String) -> JSONValue? {
    reference.split(separator: "/").dropFirst().reduce(root) { value, key in
      if case .object(let members)? = value { members[String(key)] } else { nil }
    }
  }
}
