import DSSchedule

extension SafeTensorsHeader {
  /// What the JSON of a header says, its numbers not checked yet.
  ///
  /// Stricter than the format's library in what no program writes: a key stands in an object once, a tensor is an object
  /// and its type a string. `Scripts/make-safetensors-fixtures` lists every difference.
  struct Text {
    struct Entry {
      var type: String
      var shape: [Int]
      var begin: Int
      var end: Int
    }

    private(set) var metadata: [String: String] = [:]
    private(set) var entries: [String: Entry] = [:]

    init(_ bytes: UnsafeRawBufferPointer) throws(Defect) {
      let value: JSONValue
      do { value = try JSONValue(parsing: bytes) } catch {
        throw Defect(reason: "its header is no valid JSON: \(error)")
      }
      guard case .object(let members) = value else {
        throw Defect(reason: "its header is no JSON object")
      }
      for (name, member) in members {
        if name == "__metadata__" {
          metadata = try Self.metadata(member)
        } else {
          entries[name] = try Self.entry(member, name: name)
        }
      }
    }

    private static func metadata(_ value: JSONValue) throws(Defect) -> [String: String] {
      if value == .null { return [:] }
      guard case .object(let members) = value else {
        throw Defect(reason: "its __metadata__ is no object of strings")
      }
      var metadata: [String: String] = [:]
      for (key, member) in members {
        guard case .string(let text) = member else {
          throw Defect(reason: "'\(key)' of its __metadata__ is no string")
        }
        metadata[key] = text
      }
      return metadata
    }

    /// Other keys may be there; nobody reads them.
    private static func entry(_ value: JSONValue, name: String) throws(Defect) -> Entry {
      guard case .object(let members) = value else {
        throw Defect(reason: "tensor '\(name)' is no object of dtype, shape and data_offsets")
      }
      guard case .string(let type)? = members["dtype"] else {
        throw Defect(reason: "tensor '\(name)' has no 'dtype' that is a string")
      }
      let shape = try integers(members["shape"], "shape", name: name)
      let offsets = try integers(members["data_offsets"], "data_offsets", name: name)
      guard offsets.count == 2 else {
        throw Defect(reason: "tensor '\(name)' has data_offsets \(offsets), which are not two")
      }
      return Entry(type: type, shape: shape, begin: offsets[0], end: offsets[1])
    }

    /// Written as integers: `3.0` is none.
    private static func integers(
      _ value: JSONValue?, _ key: String, name: String
    ) throws(Defect) -> [Int] {
      guard case .array(let elements)? = value else {
        throw Defect(reason: "tensor '\(name)' has no '\(key)' that is a list")
      }
      var integers: [Int] = []
      for element in elements {
        guard case .integer(let integer) = element else {
          throw Defect(
            reason: "tensor '\(name)' has the \(key) \(value?.text ?? ""), which are no integers "
              + "of a possible size")
        }
        integers.append(integer)
      }
      return integers
    }
  }
}
