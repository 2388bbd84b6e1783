import DSImages
import Foundation
import TestSupport
import Testing

@Suite("Photographs are seen upright")
struct OrientationTests {
  /// Beside each image lies what Pillow's `exif_transpose` makes of it.
  @Test(arguments: [
    ("orientation-1.jpg", Orientation.upright), ("orientation-2.jpg", .mirrored),
    ("orientation-3.jpg", .halfTurn), ("orientation-4.jpg", .flipped),
    ("orientation-5.jpg", .transposed), ("orientation-6.jpg", .quarterTurn),
    ("orientation-7.jpg", .transversed), ("orientation-8.jpg", .threeQuarterTurn),
    ("orientation-before.png", .quarterTurn), ("orientation-behind.png", .transposed),
    ("orientation-gray.png", .threeQuarterTurn),
  ])
  func asPillowSeesThem(name: String, orientation: Orientation) throws {
    let expected = try ImageReader.read(path: Fixtures.path("images/\(name).ppm")).image
    let result = try ImageReader.read(path: Fixtures.path("images/\(name)"))
    #expect(result.orientation == orientation && result.warning == nil)
    #expect(result.image == expected)
  }

  private struct Row: Decodable {
    var name: String
    var exif: [UInt8]
    var orientation: Int
  }

  private var rows: [Row] {
    get throws { try JSONDecoder().decode([Row].self, from: Fixtures.data("images/exif.json")) }
  }

  /// A copy of a JPEG with this segment first.
  private func photograph(_ content: [UInt8]) throws -> [UInt8] {
    let jpeg = [UInt8](try Fixtures.data("images/rgb.jpg"))
    let count = content.count + 2
    return jpeg[..<2] + [0xff, 0xe1, UInt8(count >> 8), UInt8(count & 0xff)] + content + jpeg[2...]
  }

  @Test func exifDataMeanWhatTheyMeanToPillow() throws {
    let rows = try rows
    #expect(rows.count > 60 && Set(rows.map(\.orientation)) == Set(1...8))
    for row in rows {
      let bytes = try photograph(Array("Exif\0\0".utf8) + row.exif)
      let result = try Fixtures.withFile(bytes) { try ImageReader.read(path: $0) }
      #expect(result.orientation.rawValue == row.orientation, "\(row.name)")
      #expect(result.warning == nil, "\(row.name)")
    }
  }

  @Test func onlyTheFirstExifSegmentBeforeThePixelsCounts() throws {
    let turned = try #require(try rows.first { $0.name == "orientation 6" }).exif
    let signature = Array("Exif\0\0".utf8)
    for (content, orientation) in [
      (signature + turned, Orientation.quarterTurn), (Array("Exif\0".utf8) + turned, .upright),
      (Array("http://ns.adobe.com/xap/1.0/\0".utf8) + turned, .upright), (signature, .upright),
    ] {
      let bytes = try photograph(content)
      let result = try Fixtures.withFile(bytes) { try ImageReader.read(path: $0) }
      #expect(result.orientation == orientation)
    }
    let behind = [UInt8](try Fixtures.data("images/rgb.jpg")).dropLast(2) + signature + turned
    #expect(
      try Fixtures.withFile(behind + [0xff, 0xd9]) { try ImageReader.read(path: $0) }.orientation
        == .upright)
  }
}
