import DSImages
import DSRuntime

/// What a file gives a network: `resolution × resolution × 3` Float32 values, NHWC.
struct NetworkInput {
  let values: [Float]
  /// What was doubtful about the file, for the user to know.
  let warning: String?

  /// Reads an image, brings it to the network's resolution and preprocesses it; or takes the values
  /// of an `.npy` file of shape `[1, R, R, 3]` or `[R, R, 3]` as they are.
  init(
    contentsOf path: String, resolution: Int, resizing: Resizing,
    preprocessing: (Float) -> Float
  ) throws {
    // Told by content like every format; an unreadable file is the image reader's to explain.
    if NumpyArray.isFile(path) {
      let array = try NumpyArray(contentsOf: path)
      let shape = [resolution, resolution, 3]
      guard array.shape == shape || array.shape == [1] + shape else {
        throw InputError.shape(path: path, found: array.shape, resolution: resolution)
      }
      guard array.values.allSatisfy(\.isFinite) else { throw InputError.notFinite(path: path) }
      values = array.values
      warning = nil
    } else {
      let result = try ImageReader.read(path: path)
      values = result.image.resized(width: resolution, height: resolution, by: resizing)
        .values(preprocessing)
      warning = result.warning.map { "\(path): read in spite of a defect: \($0)" }
    }
  }
}

/// Why an `.npy` file is no input of the network.
enum InputError: Error, CustomStringConvertible {
  case shape(path: String, found: [Int], resolution: Int)
  case notFinite(path: String)

  var description: String {
    switch self {
    case .shape(let path, let found, let resolution):
      "\(path): has shape \(found) where the network takes [1, \(resolution), \(resolution), 3]; "
        + "give --resolution or another input"
    case .notFinite(let path):
      "\(path): holds NaN or infinity; no network can run on it"
    }
  }
}
