/// What an image says of its own size. Large ones are read in time, but not a million of them.
enum ImageClaims {
  private static let mostPixels = 1 << 14

  static func areLargePNG(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 24 else { return false }
    func extent(_ offset: Int) -> Int {
      Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    return isLarge(extent(16), extent(20))
  }

  /// Whether any frame header in it, wherever, claims much.
  static func areLargeJPEG(_ bytes: UnsafeRawBufferPointer) -> Bool {
    func word(_ offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }
    return (0..<max(0, bytes.count - 8)).contains { offset in
      bytes[offset] == 0xff && bytes[offset + 1] & 0xf0 == 0xc0
        && isLarge(word(offset + 5), word(offset + 7))
    }
  }

  private static func isLarge(_ height: Int, _ width: Int) -> Bool {
    height > mostPixels || width > mostPixels || height * width > mostPixels
  }
}
