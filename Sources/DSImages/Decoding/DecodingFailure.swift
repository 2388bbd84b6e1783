/// What a decoder complains of; it does not know the file's name.
enum DecodingFailure: Error {
  case impossibleExtent(width: Int, height: Int)
  case tooLarge(width: Int, height: Int)
  case broken(String)
  /// Nothing is wrong with the file.
  case unsupported(String)
  case outOfMemory(byteCount: Int)

  func at(_ path: String, format: ImageFormat) -> ImageError {
    switch self {
    case .impossibleExtent(let width, let height):
      .impossibleExtent(path: path, width: width, height: height)
    case .tooLarge(let width, let height): .tooLarge(path: path, width: width, height: height)
    case .broken(let reason): .broken(path: path, format: format, reason: reason)
    case .unsupported(let reason): .unsupported(path: path, format: format, reason: reason)
    case .outOfMemory(let byteCount):
      .unreadable(.outOfMemory(path: path, byteCount: byteCount))
    }
  }
}
