import DSCore
import DSImages
import DSNetworks
import DSRuntime

/// What a file gives a network: one image of Float32 values, NHWC.
struct NetworkInput {
  let values: [Float]
  /// What was doubtful about the file, for the user to know.
  let warning: String?
  /// What was done to the image that its user may not expect.
  let notes: [String]

  /// Reads an image, brings it to the network's resolution and preprocesses it; or takes the values
  /// of an `.npy` file of shape `[1, H, W, C]` or `[H, W, C]` as they are.
  init(
    contentsOf path: String, shape: FeatureShape, resizing: Resizing, preprocessing: Preprocessing
  ) throws {
    // Told by content like every format; an unreadable file is the image reader's to explain.
    if NumpyArray.isFile(path) {
      let array = try NumpyArray(contentsOf: path)
      let extents = [shape.height, shape.width, shape.channels]
      guard array.shape == extents || array.shape == [1] + extents else {
        throw InputError.shape(path: path, found: array.shape, needed: [1] + extents)
      }
      guard array.values.allSatisfy(\.isFinite) else { throw InputError.notFinite(path: path) }
      values = array.values
      warning = nil
      notes = []
    } else {
      let result = try ImageReader.read(path: path)
      guard shape.channels == 3 else {
        throw InputError.channels(path: path, needed: shape.channels)
      }
      try MemoryNeed(byteCount: 7 * Double(shape.pixelCount)).check()
      values = result.image.resized(width: shape.width, height: shape.height, by: resizing)
        .values { preprocessing($0) }
      warning = result.warning.map { "\(path): read in spite of a defect: \($0)" }
      notes = [
        Self.note(on: result.orientation), Self.note(on: resizing, from: result.image, to: shape),
      ].compactMap { $0.map { "\(path): \($0)" } }
    }
  }

  private static func note(on orientation: Orientation) -> String? {
    orientation == .upright ? nil : "\(orientation.description), as its EXIF orientation says"
  }

  private static func note(
    on resizing: Resizing, from image: RGBImage, to shape: FeatureShape
  ) -> String? {
    let isShrunk = image.width > shape.width || image.height > shape.height
    guard resizing == .bilinear, isShrunk else { return nil }
    return "shrunk from \(image.width)x\(image.height) to \(shape.width)x\(shape.height) by "
      + "bilinear without antialiasing, as tf.image.resize does by default"
  }
}
