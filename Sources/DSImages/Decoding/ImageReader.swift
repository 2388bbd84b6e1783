import DSCore

/// Reads JPEG, PNG, PPM and PGM files as RGB, upright as their EXIF data say.
///
/// Gray becomes RGB, an alpha channel is dropped, 16 bits become 8 and palettes are looked up, as
/// Pillow's `convert("RGB")` does. A file's claims are checked before memory is taken for them.
package enum ImageReader {
  /// 64 Mi pixels, 192 MiB as RGB: more than any camera gives, and bearable.
  package static let maximumPixels = 1 << 26

  /// An image, what its decoder found doubtful in the file, if anything, and how the camera was held.
  package struct Result: Sendable {
    package var image: RGBImage
    package var warning: String?
    package var orientation = Orientation.upright
  }

  /// The image is upright: what its orientation says is done.
  package static func read(path: String) throws(ImageError) -> Result {
    var result = try stored(path: path)
    result.image = result.image.oriented(result.orientation)
    return result
  }

  /// As the pixels lie in the file.
  private static func stored(path: String) throws(ImageError) -> Result {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw .unreadable(error)
    }
    return try decode(file.bytes, path: path)
  }

  /// Reads the contents of a file; `path` is what errors call it.
  package static func decode(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(ImageError) -> Result {
    guard !bytes.isEmpty else { throw .empty(path: path) }
    guard let format = ImageFormat(bytes) else { throw .unknownFormat(path: path) }
    do {
      switch format {
      case .jpeg: return try JPEGDecoder.decode(bytes)
      case .png: return try PNGDecoder.decode(bytes)
      case .netpbm:
        var decoder = NetpbmDecoder(bytes)
        return Result(image: try decoder.decode())
      }
    } catch {
      throw error.at(path, format: format)
    }
  }

  /// Refuses extents nobody should, or can, allocate for.
  static func check(width: Int, height: Int) throws(DecodingFailure) {
    guard width > 0, height > 0 else { throw .impossibleExtent(width: width, height: height) }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= maximumPixels else {
      throw .tooLarge(width: width, height: height)
    }
    try checkMemory(pixels * 3)
  }

  static func checkMemory(_ byteCount: Int) throws(DecodingFailure) {
    do {
      try MemoryAllowance.check(byteCount)
    } catch {
      throw .outOfMemory(byteCount: error.byteCount)
    }
  }
}
