import DSCore

/// Why an image could not be read. Every description is one sentence: file, what, what to do.
package enum ImageError: Error, Hashable, Sendable {
  case unreadable(FileError)
  case empty(path: String)
  case unknownFormat(path: String)
  case impossibleExtent(path: String, width: Int, height: Int)
  case tooLarge(path: String, width: Int, height: Int)
  case broken(path: String, format: ImageFormat, reason: String)
  /// A whole image of a kind that the decoder does not know.
  case unsupported(path: String, format: ImageFormat, reason: String)
}

extension ImageError: MemoryError {
  package var memoryShortage: MemoryShortage? {
    if case .unreadable(let error) = self { error.memoryShortage } else { nil }
  }
}

extension ImageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let error):
      return error.description
    case .empty(let path):
      return "\(path): is empty"
    case .unknownFormat(let path):
      let formats = ImageFormat.allCases.map(\.rawValue).joined(separator: ", ")
      return "\(path): is no image in a known format; convert it to one of \(formats)"
    case .impossibleExtent(let path, let width, let height):
      return "\(path): is an image of \(width)x\(height) pixels, which holds nothing to classify"
    case .tooLarge(let path, let width, let height):
      return "\(path): is an image of \(width)x\(height) pixels, above the limit of "
        + "\(ImageReader.maximumPixels >> 20) Mi pixels; scale it down first"
    case .broken(let path, let format, let reason):
      return "\(path): is a broken \(format.rawValue) image: \(reason)"
    case .unsupported(let path, let format, let reason):
      return "\(path): is a \(format.rawValue) image of a kind that cannot be read: \(reason)"
    }
  }
}
