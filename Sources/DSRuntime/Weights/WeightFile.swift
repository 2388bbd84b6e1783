import DSCore

/// A SafeTensors file of weights, memory-mapped: tensors are used where they lie.
///
/// The format: eight bytes little-endian header length, a JSON header of name → type, shape and
/// byte range, the tensors' bytes. Everything the header claims is checked before anything is read:
/// files come from strangers. Names and layouts are those of Keras Applications under Keras 3.
public final class WeightFile: WeightSource {
  public let origin: String
  public let metadata: [String: String]
  public let epsilon: Double
  private let file: MappedFile
  private let header: SafeTensorsHeader

  /// - Throws: `WeightError` where the file cannot be read, is malformed or has a wrong epsilon.
  public init(path: String) throws(WeightError) {
    do {
      file = try MappedFile(path: path)
    } catch {
      throw .unreadable(error)
    }
    do {
      header = try SafeTensorsHeader(file: file.bytes)
    } catch {
      throw .malformed(path: path, reason: error.reason)
    }
    origin = path
    metadata = header.metadata
    epsilon = try Self.epsilon(metadata["epsilon"], path: path)
  }

  /// The names of all tensors, sorted.
  public var names: [String] { header.tensors.keys.sorted() }

  public func tensor(
    named names: [String], shape: [Int], role: TensorRole
  ) throws(WeightError) -> TensorSlice {
    guard let name = names.first(where: { header.tensors[$0] != nil }),
      let entry = header.tensors[name]
    else { throw .missingTensor(names: names, shape: shape, path: origin) }
    guard entry.shape == shape else {
      throw .shapeMismatch(name: name, expected: shape, found: entry.shape, path: origin)
    }
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.bytes])
    let values: TensorSlice?
    do throws(MemoryShortage) {
      values = try Self.slice(of: bytes, type: entry.type, shape: shape, owner: file)
    } catch {
      throw .outOfMemory(path: origin, byteCount: error.byteCount)
    }
    guard let slice = values else {
      throw .unsupportedElementType(name: name, type: entry.type, path: origin)
    }
    if let index = slice.firstNonFiniteIndex {
      throw .notFinite(name: name, index: index, path: origin)
    }
    return slice
  }

  /// Aligned Float32 is used in place, all else is converted into memory of its own.
  private static func slice(
    of bytes: UnsafeRawBufferPointer, type: String, shape: [Int], owner: MappedFile
  ) throws(MemoryShortage) -> TensorSlice? {
    switch type {
    case "F32":
      let alignment = MemoryLayout<Float>.alignment
      if let base = bytes.baseAddress, Int(bitPattern: base) % alignment == 0 {
        let values = base.assumingMemoryBound(to: Float.self)
        return TensorSlice(shape: shape, base: values, owner: owner)
      }
      return try TensorSlice(shape: shape) {
        bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self)
      }
    case "F64":
      return try TensorSlice(shape: shape) {
        Float(bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self))
      }
    case "F16":
      return try TensorSlice(shape: shape) {
        Float(bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Float16.self))
      }
    case "BF16":
      return try TensorSlice(shape: shape) {
        let bits = bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self)
        return Float(bitPattern: UInt32(bits) << 16)
      }
    default:
      return nil
    }
  }

  private static func epsilon(_ text: String?, path: String) throws(WeightError) -> Double {
    guard let text else { return 1e-3 }
    guard let value = Double(text), value >= 0, value <= 1 else {
      throw .invalidEpsilon(text: text, path: path)
    }
    return value
  }
}
