/// An integer of a network file. Decoded by way of `Double`, as the decoder calls the whole text
/// invalid JSON for one 2.5 where it wants an `Int`.
struct WholeNumber: Decodable {
  var value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let number = try container.decode(Double.self)
    guard let value = Int(exactly: number), value.magnitude <= 1 << 53 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(number) is no whole number of a possible size")
    }
    self.value = value
  }
}
