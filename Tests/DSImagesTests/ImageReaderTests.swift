import DSImages
import TestSupport
import Testing

@Suite struct ImageReaderTests {
  /// Beside each image lies what Pillow reads from it.
  @Test(arguments: [
    "rgb.png", "gray.png", "alpha.png", "gray-alpha.png", "palette.png", "bilevel.png",
    "gray16.png", "rgb16.png", "rgb.jpg", "gray.jpg", "progressive.jpg", "no-subsampling.jpg",
    "ink.jpg", "ink-luma.jpg", "stored-rgb.jpg", "restarts.jpg", "gray-2x2.jpg", "arithmetic.jpg",
    "arithmetic-progressive.jpg",
    // Horizontal and vertical sampling factors of the three channels; most have no name.
    "sampling-2x2-1x1-1x1.jpg", "sampling-1x2-1x1-1x1.jpg", "sampling-4x1-1x1-1x1.jpg",
    "sampling-2x2-2x1-1x1.jpg", "sampling-3x1-1x1-1x1.jpg", "sampling-4x2-1x1-1x1.jpg",
    "sampling-1x4-1x1-1x1.jpg", "sampling-1x1-2x1-1x1.jpg", "sampling-2x1-1x2-1x1.jpg",
  ])
  func readsWhatPillowReads(name: String) throws {
    let expected = try ImageReader.read(path: Fixtures.path("images/\(name).ppm")).image
    let result = try ImageReader.read(path: Fixtures.path("images/\(name)"))
    #expect(result.warning == nil)
    #expect(result.image.width == expected.width && result.image.height == expected.height)
    let difference = zip(result.image.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }.max()
    #expect(difference == 0)
  }

  @Test(arguments: [
    ("P2\n# by hand\n2 1 # two\n15\n0 15\n", [0, 0, 0, 255, 255, 255]),
    ("P3 1 2 255 1 2 3\n4 5 6", [1, 2, 3, 4, 5, 6]),
    ("P5 2 1 255\nAB", [65, 65, 65, 66, 66, 66]),
    ("P6\n1 1\n127\n\0?\u{7f}", [0, 126, 255]),
    ("P6 1 1 65535 @\0\0@\0\0", [64, 0, 0]),
  ])
  func readsNetpbm(text: String, pixels: [UInt8]) throws {
    let image = try Fixtures.withFile(text.utf8) { try ImageReader.read(path: $0).image }
    #expect(image.pixels == pixels)
  }

  @Test func formatIsToldByContent() throws {
    let png = try Fixtures.data("images/rgb.png")
    let image = try Fixtures.withFile(named: "photo.jpg", png) {
      try ImageReader.read(path: $0).image
    }
    #expect(image.width == 13)
  }

  @Test func strayBytesInAJPEGAreAWarning() throws {
    var bytes = [UInt8](try Fixtures.data("images/rgb.jpg"))
    let scan = try #require(
      bytes.indices.dropLast().last { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda })
    bytes.insert(contentsOf: [0, 1, 2, 3], at: scan)
    let result = try Fixtures.withFile(bytes) { try ImageReader.read(path: $0) }
    #expect(result.warning?.contains("extraneous bytes") == true)
    #expect(result.image.height == 9)
  }
}

@Suite struct HostileImageTests {
  /// The bytes of a JPEG with those of its frame's segment from `offset` on replaced; its marker is at 0 and 1.
  private func jpeg(frame offset: Int, _ replacement: [UInt8]) throws -> [UInt8] {
    var bytes = [UInt8](try Fixtures.data("images/rgb.jpg"))
    let frame = try #require(
      bytes.indices.dropLast(9).first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 })
    bytes.replaceSubrange(frame + offset..<frame + offset + replacement.count, with: replacement)
    return bytes
  }

  @Test func whatIsWholeButCannotBeReadIsNotCalledBroken() throws {
    let kinds = [
      (try jpeg(frame: 4, [12]), "it has 12 bits a sample"),
      (try jpeg(frame: 1, [0xc3]), "it is compressed without loss"),
      (try jpeg(frame: 1, [0xc5]), "it is a pyramid of images"),
      ([UInt8](try Fixtures.data("images/two-channels.jpg")), "it has 2 channels"),
    ]
    for (bytes, sentence) in kinds {
      let error = try failure(of: bytes)
      guard case .unsupported(_, .jpeg, let reason) = error else {
        Issue.record("\(sentence): \(error?.description ?? "read")")
        continue
      }
      #expect(reason.hasPrefix(sentence))
      #expect(error?.description.contains("of a kind that cannot be read") == true)
    }
  }

  private func failure(of bytes: some Sequence<UInt8>) throws -> ImageError? {
    try Fixtures.withFile(bytes) { path in
      do {
        _ = try ImageReader.read(path: path)
        return nil
      } catch let error as ImageError {
        #expect(error.description.hasPrefix(path + ": "))
        return error
      }
    }
  }

  @Test(arguments: [
    "rgb.png", "palette.png", "rgb16.png", "rgb.jpg", "progressive.jpg", "ink.jpg", "rgb.png.ppm",
    "sampling-4x2-1x1-1x1.jpg", "arithmetic.jpg", "orientation-6.jpg",
  ])
  func truncatedAnywhereIsAnError(name: String) throws {
    let bytes = try Fixtures.data("images/\(name)")
    // The end marker of a JPEG and the last chunk of a PNG hold no pixels.
    let lastPixel = name.hasSuffix(".ppm") ? bytes.count : bytes.count - 16
    for length in stride(from: 0, to: lastPixel, by: 7) {
      #expect(try failure(of: bytes.prefix(length)) != nil, "\(length) bytes")
    }
  }

  @Test(arguments: [
    "rgb.png", "palette.png", "rgb.jpg", "progressive.jpg", "ink.jpg", "sampling-4x2-1x1-1x1.jpg",
    "arithmetic.jpg", "orientation-6.jpg", "orientation-behind.png",
  ])
  func noBitFlipCrashes(name: String) throws {
    let bytes = [UInt8](try Fixtures.data("images/\(name)"))
    for index in bytes.indices {
      var broken = bytes
      broken[index] ^= 1 << UInt8(index % 8)
      _ = try failure(of: broken)
    }
  }

  private func png(width: UInt32, height: UInt32) throws -> [UInt8] {
    var bytes = [UInt8](try Fixtures.data("images/rgb.png"))
    withUnsafeBytes(of: (width.bigEndian, height.bigEndian)) {
      bytes.replaceSubrange(16..<24, with: $0)
    }
    return bytes
  }

  private func jpeg(width: UInt16, height: UInt16) throws -> [UInt8] {
    try jpeg(frame: 5, withUnsafeBytes(of: (height.bigEndian, width.bigEndian), Array.init))
  }

  @Test func imagesOfNothingAreNamed() throws {
    for bytes in [
      try png(width: 0, height: 9), try png(width: 0, height: 0), try jpeg(width: 0, height: 9),
      try jpeg(width: 13, height: 0), Array("P6 0 5 255 ".utf8), Array("P5 5 0 255 ".utf8),
    ] {
      guard case .impossibleExtent = try failure(of: bytes) else {
        Issue.record("\(try failure(of: bytes)?.description ?? "read")")
        continue
      }
    }
  }

  @Test func giantImagesAreRefusedBeforeAllocating() throws {
    for bytes in [
      try png(width: 100_000, height: 100_000), try png(width: .max, height: .max),
      try jpeg(width: 65_500, height: 65_500), Array("P6 100000 100000 255 ".utf8),
      Array("P5 2147483647 2147483647 255 ".utf8),
    ] {
      guard case .tooLarge = try failure(of: bytes) else {
        Issue.record("\(try failure(of: bytes)?.description ?? "read")")
        continue
      }
    }
    // Within the limit, but the file cannot hold what it claims.
    #expect(try failure(of: "P5 8000 8000 255 x".utf8)?.description.contains("truncated") == true)
  }

  @Test(arguments: [
    "P6", "P6 1", "P6 1 1", "P6 -1 1 255 abc", "P6 99999999999999999999 1 255 ", "P6 1 1 0 abc",
    "P6 1 1 65536 abcdef", "P6 1 1 255", "P3 1 1 255 1 2", "P3 1 1 255 1 2 256", "P5 # 1 1 255",
  ])
  func brokenNetpbmIsAnError(text: String) throws {
    guard case .broken(_, .netpbm, _) = try failure(of: text.utf8) else {
      Issue.record("\(try failure(of: text.utf8)?.description ?? "read")")
      return
    }
  }

  @Test func whatIsNoImageIsSaid() throws {
    #expect(try failure(of: []) != nil)
    guard case .unknownFormat = try failure(of: "GIF89a".utf8) else {
      Issue.record("a GIF is not read")
      return
    }
    #expect(throws: ImageError.unreadable(.directory(path: "/tmp"))) {
      try ImageReader.read(path: "/tmp")
    }
    #expect(throws: ImageError.unreadable(.noRegularFile(path: "/dev/zero"))) {
      try ImageReader.read(path: "/dev/zero")
    }
    #expect(throws: ImageError.self) { try ImageReader.read(path: "/nowhere.png") }
  }
}
