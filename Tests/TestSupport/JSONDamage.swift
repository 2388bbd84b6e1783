import DSSchedule

extension JSONValue {
  /// This value with one of its members or elements replaced, each in turn, with the place's path;
  /// `nil` takes members out and leaves elements alone.
  ///
  /// - Parameter elements: how many of each array to damage, from the first.
  package func variants(
    damage: JSONValue?, elements limit: Int = .max, path: String = "$"
  ) -> [(path: String, value: JSONValue)] {
    var result: [(path: String, value: JSONValue)] = []
    switch self {
    case .object(var members):
      for (key, member) in members {
        let path = "\(path).\(key)"
        members[key] = damage
        result.append((path, .object(members)))
        for (inner, edited) in member.variants(damage: damage, elements: limit, path: path) {
          members[key] = edited
          result.append((inner, .object(members)))
        }
        members[key] = member
      }
    case .array(var elements):
      for (index, element) in elements.enumerated().prefix(limit) {
        let path = "\(path)[\(index)]"
        if let damage, element.isPlain {
          elements[index] = damage
          result.append((path, .array(elements)))
        }
        for (inner, edited) in element.variants(damage: damage, elements: limit, path: path) {
          elements[index] = edited
          result.append((inner, .array(elements)))
        }
        elements[index] = element
      }
    default: break
    }
    return result
  }

  /// This value with a member of this name put into one of its objects, each in turn.
  package func variants(
    adding name: String, elements limit: Int = .max, path: String = "$"
  ) -> [(path: String, value: JSONValue)] {
    switch self {
    case .object(let members):
      let own = (path: path, value: JSONValue.object(members.merging([name: .null]) { $1 }))
      return [own]
        + members.flatMap { key, member in
          member.variants(adding: name, elements: limit, path: "\(path).\(key)").map {
            (path: $0.path, value: .object(members.merging([key: $0.value]) { $1 }))
          }
        }
    case .array(var elements):
      return elements.enumerated().prefix(limit).flatMap { index, element in
        element.variants(adding: name, elements: limit, path: "\(path)[\(index)]").map {
          elements[index] = $0.value
          defer { elements[index] = element }
          return (path: $0.path, value: .array(elements))
        }
      }
    default: return []
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}
