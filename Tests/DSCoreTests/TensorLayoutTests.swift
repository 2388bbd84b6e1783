import DSCore
import Testing

@Suite struct TensorLayoutTests {
  @Test(arguments: [4, 8, 16], [1, 3, 16, 17, 40])
  func `every element has its own place inside the tensor`(block: Int, channels: Int) {
    let shape = FeatureShape(batch: 2, height: 5, width: 3, channels: channels)
    for type in ElementType.allCases {
      let layout = TensorLayout(shape: shape, channelBlock: block, elementType: type)
      var offsets: Set<Int> = []
      for image in 0..<shape.batch {
        for row in 0..<shape.height {
          for column in 0..<shape.width {
            for channel in 0..<channels {
              let offset = layout.byteOffset(
                image: image, row: row, column: column, channel: channel)
              #expect(offset >= 0 && offset + type.byteCount <= layout.byteCount)
              #expect(offset.isMultiple(of: type.byteCount))
              let pixel = (image * shape.height + row) * shape.width + column
              #expect(layout.byteOffset(pixel: pixel, channel: channel) == offset)
              offsets.insert(offset)
            }
          }
        }
      }
      #expect(offsets.count == shape.elementCount)
      #expect(layout.blockCount == (channels + block - 1) / block)
    }
  }

  @Test func `channels of a block are neighbours, and so are the pixels of a plane`() {
    let layout = TensorLayout(
      shape: FeatureShape(batch: 2, height: 4, width: 5, channels: 32), channelBlock: 16)
    #expect(layout.byteOffset(row: 0, column: 0, channel: 1) == 4)
    #expect(layout.byteOffset(row: 0, column: 1, channel: 0) == 64)
    #expect(layout.byteOffset(row: 1, column: 0, channel: 0) == 5 * 64)
    #expect(layout.byteOffset(image: 1, row: 0, column: 0, channel: 0) == 20 * 64)
    #expect(layout.byteOffset(row: 0, column: 0, channel: 16) == layout.planeBytes)
    #expect(layout.planeBytes == 2 * 20 * 64)
  }

  @Test(arguments: [1, 7, 8, 14, 16, 28, 32, 56, 64, 112, 128])
  func `planes are whole cache lines and never 4 KiB apart`(extent: Int) {
    for block in [4, 8, 16] {
      let shape = FeatureShape(height: extent, width: extent, channels: 64)
      let layout = TensorLayout(shape: shape, channelBlock: block)
      #expect(layout.planeBytes.isMultiple(of: 64))
      #expect(!layout.planeBytes.isMultiple(of: 4096))
      #expect(layout.planeBytes >= shape.pixelCount * layout.pixelBytes)
    }
  }
}
