import CSpng

/// PNG through libspng, which reports errors by return code.
enum PNGDecoder {
  static func decode(
    _ bytes: UnsafeRawBufferPointer
  ) throws(DecodingFailure) -> ImageReader.Result {
    let (width, height) = try extent(bytes)
    let expected = width * height * 3
    guard let context = spng_ctx_new(0) else { throw .outOfMemory(byteCount: expected) }
    defer { spng_ctx_free(context) }
    func check(_ code: Int32) throws(DecodingFailure) {
      try Self.check(code, byteCount: expected)
    }

    // Chunks besides the pixels (profiles, comments) may be compressed bombs.
    let chunkLimit = 1 << 26
    try check(spng_set_image_limits(context, UInt32(width), UInt32(height)))
    try check(spng_set_chunk_limits(context, chunkLimit, chunkLimit))
    try check(spng_set_png_buffer(context, bytes.baseAddress, bytes.count))

    let format = Int32(SPNG_FMT_RGB8.rawValue)
    var byteCount = 0
    try check(spng_decoded_image_size(context, format, &byteCount))
    guard byteCount == expected else {
      throw .broken("it decodes to \(byteCount) bytes instead of \(expected)")
    }
    var pixels = [UInt8](repeating: 0, count: byteCount)
    try check(spng_decode_image(context, &pixels, byteCount, format, 0))
    return ImageReader.Result(
      image: RGBImage(width: width, height: height, pixels: pixels),
      orientation: orientation(context))
  }

  /// EXIF data may stand before the pixels or behind them. Where they or the chunks around them are broken, they are
  /// passed over: the pixels are there.
  private static func orientation(_ context: OpaquePointer) -> Orientation {
    spng_decode_chunks(context)
    var exif = spng_exif()
    guard spng_get_exif(context, &exif) == 0, let data = exif.data else { return .upright }
    return Orientation(exif: UnsafeRawBufferPointer(start: data, count: exif.length)) ?? .upright
  }

  /// Width and height out of the header chunk, which is always the first, before anything else is
  /// looked at: the library refuses a bad extent too, but does not say which it was.
  private static func extent(
    _ bytes: UnsafeRawBufferPointer
  ) throws(DecodingFailure) -> (width: Int, height: Int) {
    guard bytes.count >= 24, bytes[12..<16].elementsEqual("IHDR".utf8) else {
      throw .broken("it has no header; it may be truncated")
    }
    func value(at offset: Int) -> Int {
      Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    let (width, height) = (value(at: 16), value(at: 20))
    try ImageReader.check(width: width, height: height)
    return (width, height)
  }

  /// - Parameter byteCount: of the image, for a decoder that finds no memory.
  private static func check(_ code: Int32, byteCount: Int) throws(DecodingFailure) {
    if code == Int32(SPNG_EMEM.rawValue) { throw .outOfMemory(byteCount: byteCount) }
    guard code == 0 else { throw .broken(String(cString: spng_strerror(code))) }
  }
}
