import DSImages
import FuzzHarness

extension FuzzedReader {
  static let netpbm = FuzzedReader("netpbm", mostBytes: 128) { decode($0) }

  static let jpeg = FuzzedReader("jpeg", mostBytes: 2048) { bytes in
    if !ImageClaims.areLargeJPEG(bytes) { decode(bytes) }
  }

  /// With checksums that are right, or nothing behind them would ever be read.
  static let png = FuzzedReader("png", mostBytes: 1024) { bytes in
    if ImageClaims.areLargePNG(bytes) { return }
    var file = Array(bytes)
    PNGChecksums.mend(&file)
    file.withUnsafeBytes { decode($0) }
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer) {
    do throws(ImageError) {
      let result = try ImageReader.decode(bytes, path: "image")
      let image = result.image
      expect(image.pixels.count == image.width * image.height * 3, "\(image.pixels.count) bytes")
      if image.width * image.height <= 1 << 12 {
        for method in Resizing.allCases {
          let small = image.resized(width: 3, height: 2, by: method)
          expect(small.pixels.count == 18, "\(small.pixels.count) bytes")
        }
      }
    } catch {
      expectSentence(error)
    }
  }
}
