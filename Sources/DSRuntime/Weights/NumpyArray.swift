import DSCore

/// A Float32 array as NumPy's `.npy` files hold it, row-major.
public struct NumpyArray: Sendable {
  public let shape: [Int]
  public let values: [Float]

  public init(shape: [Int], values: [Float]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "\(values.count) values for shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// Reads format versions 1 to 3 with little-endian Float32, Float64 or UInt8 in C order.
  public init(contentsOf path: String) throws(NumpyError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw .file(error)
    }
    let header: NumpyHeader
    let data: UnsafeRawBufferPointer
    do {
      header = try NumpyHeader(file: file.bytes)
      data = try header.data(of: file.bytes)
    } catch {
      throw .malformed(path: path, reason: error.reason)
    }
    do {
      try MemoryAllowance.check(header.count * MemoryLayout<Float>.size)
    } catch {
      throw .file(.outOfMemory(path: path, byteCount: error.byteCount))
    }
    shape = header.shape
    values = header.elementType.values(data, count: header.count)
  }

  /// Whether a file can be read and begins like an `.npy` file.
  public static func isFile(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    return file.bytes.starts(with: NumpyHeader.magic)
  }

  /// Writes format version 1.0, `<f4`, C order. The file is replaced as a whole or not at all.
  public func write(to path: String) throws(NumpyError) {
    var bytes = NumpyHeader.bytes(shape: shape)
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    do {
      try AtomicFile.replace(path, with: bytes)
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
  }
}
