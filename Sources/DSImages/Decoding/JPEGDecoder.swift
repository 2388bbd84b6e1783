import CTurboJPEG

/// JPEG through libjpeg-turbo's TurboJPEG interface, which reports errors by return code.
///
/// The options are those of Pillow and so of Keras: the accurate inverse transform, smooth
/// upsampling of colour.
enum JPEGDecoder {
  /// 500 scans at most: a progressive file of 100 KB can otherwise keep a core busy for minutes.
  private static let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS

  static func decode(
    _ bytes: UnsafeRawBufferPointer
  ) throws(DecodingFailure) -> ImageReader.Result {
    guard let handle = tjInitDecompress() else {
      throw .broken("the decoder did not start: \(String(cString: tjGetErrorStr2(nil)))")
    }
    defer { tjDestroy(handle) }
    let source = bytes.bindMemory(to: UInt8.self)
    let header = JPEGHeader(bytes)

    var (width, height, subsampling, colourSpace) = (Int32(0), Int32(0), Int32(0), Int32(0))
    let headerCode = tjDecompressHeader3(
      handle, source.baseAddress, UInt(source.count), &width, &height, &subsampling, &colourSpace)
    // The call also fails where it has no name for the way the colours are sampled, which decoding needs not: what counts is
    // whether it has read the extent. What else it complains of, decoding complains of again.
    if headerCode != 0, width == 0 || height == 0 {
      // The decoder refuses an empty image as it refuses garbage; only the header tells them apart.
      if let frame = header.frame {
        try ImageReader.check(width: frame.width, height: frame.height)
      }
      _ = try tolerableComplaint(of: handle, about: bytes, header)
    }
    try ImageReader.check(width: Int(width), height: Int(height))

    let hasInk = colourSpace == TJCS_CMYK.rawValue || colourSpace == TJCS_YCCK.rawValue
    let format = hasInk ? TJPF_CMYK : TJPF_RGB
    if hasInk { try ImageReader.checkMemory(Int(width) * Int(height) * 7) }
    var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * (hasInk ? 4 : 3))
    let code = tjDecompress2(
      handle, source.baseAddress, UInt(source.count), &pixels, width, 0, height, format.rawValue,
      Int32(flags))
    let warning = code == 0 ? nil : try tolerableComplaint(of: handle, about: bytes, header)
    return ImageReader.Result(
      image: RGBImage(
        width: Int(width), height: Int(height), pixels: hasInk ? rgb(fromInk: pixels) : pixels),
      warning: warning,
      orientation: header.exif.flatMap { Orientation(exif: $0) } ?? .upright)
  }

  /// Adobe's CMYK files, the only ones in the wild, store 255 − ink.
  private static func rgb(fromInk pixels: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count / 4 * 3)
    for pixel in stride(from: 0, to: pixels.count, by: 4) {
      let black = Int(pixels[pixel + 3])
      for channel in 0..<3 {
        result.append(UInt8((Int(pixels[pixel + channel]) * black + 127) / 255))
      }
    }
    return result
  }

  /// Stray bytes between segments are common and harmless. Missing rows are not, but of several
  /// complaints the library keeps the last alone: so the file is asked whether it has an end.
  private static func tolerableComplaint(
    of handle: tjhandle, about bytes: UnsafeRawBufferPointer, _ header: JPEGHeader
  ) throws(DecodingFailure) -> String {
    let complaint = String(cString: tjGetErrorStr2(handle))
    if complaint.hasPrefix("Insufficient memory") { throw .outOfMemory(byteCount: bytes.count) }
    guard tjGetErrorCode(handle) == TJERR_WARNING.rawValue else {
      if let obstacle = header.frame?.obstacle { throw .unsupported(obstacle) }
      throw .broken(complaint)
    }
    guard hasEnd(bytes) else { throw .broken("it is truncated (\(complaint))") }
    return complaint
  }

  /// Whether an end-of-image marker follows the last start-of-scan; in the data of a scan neither
  /// can appear, and those of an embedded thumbnail come before.
  private static func hasEnd(_ bytes: UnsafeRawBufferPointer) -> Bool {
    for offset in stride(from: bytes.count - 2, through: 0, by: -1) where bytes[offset] == 0xff {
      if bytes[offset + 1] == 0xd9 { return true }
      if bytes[offset + 1] == 0xda { return false }
    }
    return false
  }
}
