extension Orientation {
  /// What EXIF data say, a TIFF file; `nil` where they say nothing, or nothing that makes sense: a photograph with broken EXIF
  /// data is a photograph. Only the first directory is looked at, the main image's.
  init?(exif: some Sequence<UInt8>) {
    let bytes = Array(exif)
    let isBig: Bool
    switch bytes.prefix(4) {
    case [0x49, 0x49, 0x2a, 0x00]: isBig = false
    case [0x4d, 0x4d, 0x00, 0x2a]: isBig = true
    default: return nil
    }
    func number(at offset: Int, _ count: Int) -> Int? {
      guard offset + count <= bytes.count else { return nil }
      let digits = bytes[offset..<offset + count]
      return (isBig ? Array(digits) : digits.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, 4), let entries = number(at: directory, 2) else {
      return nil
    }
    for entry in 0..<entries {
      // Tag, type, count and, where it is as short as this one, the value itself from the left.
      let offset = directory + 2 + 12 * entry
      guard offset + 12 <= bytes.count else { return nil }
      guard number(at: offset, 2) == 0x0112, let type = number(at: offset + 2, 2),
        let width = Self.bytesOfType[type], let count = number(at: offset + 4, 4),
        (1...4 / width).contains(count), let value = number(at: offset + 8, width)
      else { continue }
      self.init(rawValue: value)
      return
    }
    return nil
  }

  /// Of numbers of 16 and of 32 bits. Cameras write the former.
  private static let bytesOfType = [3: 2, 4: 4]
}
