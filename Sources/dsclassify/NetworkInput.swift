import DSCore
import DSImages
import DSNetworks
import DSRuntime

/// What a file gives a network: one image of Float32 values, NHWC.
struct NetworkInput {
  let values: [Float]
  /// What was doubtful about the file, for the user to know.
  let warning: String?

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
    } else {
      let result = try ImageReader.read(path: path)
      guard shape.channels == 3 else {
        throw InputError.channels(path: path, needed: shape.channels)
      }
      try MemoryNeed(byteCount: 7 * Double(shape.pixelCount)).check()
      values = result.image.resized(width: shape.width, height: shape.height, by: resizing)
        .values { preprocessing($0) }
      warning = result.warning.map { "\(path): read in spite of a defect: \($0)" }
    }
  }
}
