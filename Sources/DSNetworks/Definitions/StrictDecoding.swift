/// Any key of an object.
private struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int?

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The object at hand, refused if it has keys other than `Key`'s: a misspelt key that is skipped
  /// in silence would give another network than the one that was meant.
  func strictContainer<Key: CodingKey & CaseIterable>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    let present = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    if let stranger = present.first(where: { Key(stringValue: $0) == nil }) {
      let known = Key.allCases.map(\.stringValue).joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: codingPath,
          debugDescription: "'\(stranger)' is no key here; there are \(known)"))
    }
    return try container(keyedBy: type)
  }
}

extension KeyedDecodingContainer {
  /// A word out of those that `Choice` has, or `nil` if the key is absent.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ type: Choice.Type, forKey key: Key
  ) throws -> Choice? {
    guard let word = try decodeIfPresent(String.self, forKey: key) else { return nil }
    guard let choice = Choice(rawValue: word) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "'\(word)' is none of \(known)")
    }
    return choice
  }

  /// A list of `count` whole numbers.
  func integers(_ count: Int, forKey key: Key) throws -> [Int] {
    let list = try decode([WholeNumber].self, forKey: key).map(\.value)
    guard list.count == count else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "\(count) numbers belong here")
    }
    return list
  }
}
