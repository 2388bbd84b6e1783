/// What the segments before a JPEG's first scan say, as far as anybody asks here.
struct JPEGHeader {
  /// The first start of a frame.
  struct Frame {
    /// The last byte of its marker: which process made the image.
    var marker: UInt8
    var bitsPerSample: Int
    var width: Int
    var height: Int
    var components: Int
  }

  private(set) var frame: Frame?
  /// The content of the first EXIF segment, a TIFF file.
  private(set) var exif: Slice<UnsafeRawBufferPointer>?

  init(_ bytes: UnsafeRawBufferPointer) {
    func word(at offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }
    var offset = 2
    while offset + 4 <= bytes.count {
      let marker = bytes[offset + 1]
      // Between segments there may be fill bytes, and stray ones in careless files; some markers have no content.
      guard bytes[offset] == 0xff, marker > 1, marker != 0xff, !(0xd0...0xd8).contains(marker)
      else {
        offset += 1
        continue
      }
      // The pixels begin, or the file ends.
      if marker == 0xda || marker == 0xd9 { return }
      let end = offset + 2 + word(at: offset + 2)
      let content = min(offset + 4, bytes.count)..<max(offset + 4, min(end, bytes.count))
      take(marker, bytes[content], word)
      offset = max(end, offset + 4)
    }
  }

  private mutating func take(
    _ marker: UInt8, _ content: Slice<UnsafeRawBufferPointer>, _ word: (Int) -> Int
  ) {
    let isFrame = (0xc0...0xcf).contains(marker) && ![0xc4, 0xc8, 0xcc].contains(marker)
    if isFrame, frame == nil, content.count >= 6 {
      let start = content.startIndex
      frame = Frame(
        marker: marker, bitsPerSample: Int(content[start]), width: word(start + 3),
        height: word(start + 1), components: Int(content[start + 5]))
    }
    let signature = Array("Exif\0\0".utf8)
    if marker == 0xe1, exif == nil, content.starts(with: signature) {
      exif = content.dropFirst(signature.count)
    }
  }
}

extension JPEGHeader.Frame {
  /// Why a decoder of ordinary images cannot read this one although nothing is broken, and what to do.
  var obstacle: String? {
    if bitsPerSample != 8 { return "it has \(bitsPerSample) bits a sample; save it with 8" }
    switch marker {
    case 0xc3, 0xc7, 0xcb, 0xcf: return "it is compressed without loss; save it as PNG"
    case 0xc5, 0xc6, 0xcd, 0xce: return "it is a pyramid of images; save it as an ordinary JPEG"
    default: break
    }
    // Gray, a colour, or inks.
    return [1, 3, 4].contains(components)
      ? nil : "it has \(components) channels; save it as gray or RGB"
  }
}
