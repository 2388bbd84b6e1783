import DSImages
import Foundation
import TestSupport
import Testing

@Suite struct ResizingTests {
  private struct Row: Decodable {
    var source: Int
    var target: Int
    var indices: [Int]
  }

  /// An image of one row whose pixels say which column they are.
  private func ramp(_ width: Int) -> RGBImage {
    RGBImage(
      width: width, height: 1,
      pixels: (0..<width).flatMap { [UInt8($0 / 256), UInt8($0 % 256), 0] })
  }

  @Test func nearestTakesThePixelsPillowTakes() throws {
    let rows = try JSONDecoder().decode([Row].self, from: Fixtures.data("images/nearest.json"))
    #expect(!rows.isEmpty)
    for row in rows {
      let resized = ramp(row.source).resized(width: row.target, height: 1, by: .nearest)
      let indices = stride(from: 0, to: resized.pixels.count, by: 3).map {
        Int(resized.pixels[$0]) * 256 + Int(resized.pixels[$0 + 1])
      }
      #expect(indices == row.indices, "\(row.source) to \(row.target)")
    }
  }

  @Test func rowsAndColumnsAreNotMixedUp() {
    let image = RGBImage(width: 2, height: 2, pixels: (0..<12).map { UInt8($0) })
    let resized = image.resized(width: 4, height: 2, by: .nearest)
    #expect(
      resized.pixels.map(Int.init) == [
        0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5, 6, 7, 8, 6, 7, 8, 9, 10, 11, 9, 10, 11,
      ])
    #expect(image.resized(width: 2, height: 2, by: .bilinear) == image)
  }

  @Test func bilinearMixesByDistance() {
    let image = RGBImage(width: 2, height: 1, pixels: [0, 0, 0, 200, 100, 40])
    let resized = image.resized(width: 4, height: 1, by: .bilinear)
    // Centres at -0.25, 0.25, 0.75 and 1.25 of the source; the outer two are clamped.
    #expect(resized.pixels == [0, 0, 0, 50, 25, 10, 150, 75, 30, 200, 100, 40])
    #expect(
      image.resized(width: 1, height: 3, by: .bilinear).pixels == [
        100, 50, 20, 100, 50, 20, 100, 50, 20,
      ])
  }

  @Test func preprocessingIsAppliedValueByValue() {
    let image = RGBImage(width: 1, height: 1, pixels: [0, 51, 255])
    #expect(image.values { $0 / 127.5 - 1 } == [-1, 51 / 127.5 - 1, 1])
  }
}
