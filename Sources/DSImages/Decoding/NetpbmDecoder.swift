/// PPM (P3, P6) and PGM (P2, P5), up to 16 bits a sample, in Swift alone.
/// The format: netpbm.sourceforge.net/doc/ppm.html.
struct NetpbmDecoder {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 2

  /// `bytes` begins with "P" and a digit.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func decode() throws(DecodingFailure) -> RGBImage {
    let digit = bytes[1]
    let isText = digit == UInt8(ascii: "2") || digit == UInt8(ascii: "3")
    let channels = digit == UInt8(ascii: "3") || digit == UInt8(ascii: "6") ? 3 : 1
    let width = try number("width")
    let height = try number("height")
    try ImageReader.check(width: width, height: height)
    let maximum = try number("maximum value")
    guard (1...65535).contains(maximum) else {
      throw .broken("its maximum value is \(maximum); it must be from 1 to 65535")
    }
    if !isText { offset += 1 }  // One white space, then bytes that may look like more.

    let sampleBytes = maximum > 255 ? 2 : 1
    let sampleCount = width * height * channels
    // As text, a sample has at least a digit and a space: what cannot fit is not allocated for.
    let needed = isText ? 2 * sampleCount - 1 : sampleCount * sampleBytes
    guard bytes.count - offset >= needed else {
      throw .broken(
        "it has \(max(0, bytes.count - offset)) bytes of pixels and needs \(needed); "
          + "it may be truncated")
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for _ in 0..<sampleCount {
      let sample = isText ? try number("sample") : binarySample(sampleBytes)
      guard sample <= maximum else {
        throw .broken("a sample of \(sample) is above its maximum value of \(maximum)")
      }
      let value = UInt8((sample * 255 + maximum / 2) / maximum)
      for _ in 0..<(channels == 3 ? 1 : 3) { pixels.append(value) }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private mutating func binarySample(_ byteCount: Int) -> Int {
    defer { offset += byteCount }
    return byteCount == 1 ? Int(bytes[offset]) : Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
  }

  /// A decimal number after white space and comments, which begin with # and end with the line.
  private mutating func number(_ what: String) throws(DecodingFailure) -> Int {
    var isComment = false
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "#") { isComment = true }
      guard isComment || byte == UInt8(ascii: " ") || (9...13).contains(byte) else { break }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { isComment = false }
      offset += 1
    }
    let start = offset
    var value = 0
    while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) {
      value = value * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
      guard value <= Int(Int32.max) else { throw .broken("its \(what) is beyond all limits") }
      offset += 1
    }
    guard offset > start else { throw .broken("its \(what) is missing; it may be truncated") }
    return value
  }
}
