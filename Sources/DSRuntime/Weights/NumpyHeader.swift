/// The header of an `.npy` file: magic, version, length, and a Python dictionary of three entries.
///
/// The format is NumPy Enhancement Proposal 1. The dictionary is read word by word instead of being
/// searched, so that a hostile one is refused rather than half understood.
package struct NumpyHeader {
  package struct Defect: Error {
    package var reason: String
  }

  package enum ElementType: String {
    case float32 = "<f4"
    case float64 = "<f8"
    case uint8 = "|u1"
  }

  static let magic: [UInt8] = [0x93] + "NUMPY".utf8

  package let elementType: ElementType
  package let shape: [Int]
  package let count: Int
  package let dataStart: Int

  package init(file: UnsafeRawBufferPointer) throws(Defect) {
    guard file.count >= 10, file.prefix(6).elementsEqual(Self.magic) else {
      throw Defect(reason: "it does not begin like one")
    }
    // Version 1 has a two-byte header length, 2 and 3 have four bytes.
    let version = file[6]
    guard (1...3).contains(version) else { throw Defect(reason: "its version is \(version)") }
    let textStart = version == 1 ? 10 : 12
    guard file.count >= textStart else { throw Defect(reason: "it ends inside its header") }
    let length =
      version == 1
      ? Int(UInt16(littleEndian: file.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: file.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    // A real header has about a hundred bytes.
    guard length <= 1 << 16, textStart + length <= file.count else {
      throw Defect(reason: "its header claims \(length) bytes; it may be truncated")
    }

    var reader = DictionaryReader(text: file[textStart..<textStart + length])
    let fields = try reader.read()
    guard let elementType = ElementType(rawValue: fields.description) else {
      throw Defect(reason: "its type is '\(fields.description)'; save it as float32 ('<f4')")
    }
    guard !fields.isFortranOrder else {
      throw Defect(reason: "it is in Fortran order; save it with numpy.ascontiguousarray")
    }
    var count = 1
    for extent in fields.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw Defect(reason: "its shape \(fields.shape) is too large") }
      count = product
    }
    self.elementType = elementType
    shape = fields.shape
    self.count = count
    dataStart = textStart + length
  }

  /// The bytes behind the header, as many as the shape asks for at least.
  package func data(of file: UnsafeRawBufferPointer) throws(Defect) -> UnsafeRawBufferPointer {
    let data = UnsafeRawBufferPointer(rebasing: file[dataStart...])
    let (needed, overflow) = count.multipliedReportingOverflow(by: elementType.byteCount)
    guard !overflow, data.count >= needed else {
      throw Defect(
        reason: "its shape asks for \(count) values of \(elementType.byteCount) bytes and it holds "
          + "\(data.count) bytes; it may be truncated")
    }
    return data
  }

  /// The header that stands before `<f4` data, padded so that the data begins 64-byte aligned.
  package static func bytes(shape: [Int]) -> [UInt8] {
    let extents = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
    precondition(length <= UInt16.max, "a shape of \(shape.count) dimensions")
    let spaces = [UInt8](repeating: UInt8(ascii: " "), count: length - text.utf8.count - 1)
    return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + text.utf8 + spaces
      + [UInt8(ascii: "\n")]
  }
}

extension NumpyHeader.ElementType {
  var byteCount: Int {
    switch self {
    case .float32: 4
    case .float64: 8
    case .uint8: 1
    }
  }

  package func values(_ data: UnsafeRawBufferPointer, count: Int) -> [Float] {
    switch self {
    case .float32:
      return (0..<count).map { data.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    case .float64:
      return (0..<count).map { Float(data.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self)) }
    case .uint8:
      return (0..<count).map { Float(data[$0]) }
    }
  }
}

// MARK: - The dictionary

extension NumpyHeader {
  fileprivate struct Fields {
    var description: String
    var isFortranOrder: Bool
    var shape: [Int]
  }

  fileprivate struct DictionaryReader {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(text: Slice<UnsafeRawBufferPointer>) { rest = text }

    mutating func read() throws(Defect) -> Fields {
      var description: String?
      var isFortranOrder: Bool?
      var shape: [Int]?
      try expect("{")
      while !takes("}") {
        let key = try string()
        try expect(":")
        switch key {
        case "descr" where description == nil: description = try string()
        case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
        case "shape" where shape == nil: shape = try tuple()
        default: throw Defect(reason: "its header has an unexpected '\(key)'")
        }
        if !takes(",") {
          try expect("}")
          break
        }
      }
      guard let description, let isFortranOrder, let shape else {
        throw Defect(reason: "its header lacks descr, fortran_order or shape")
      }
      return Fields(description: description, isFortranOrder: isFortranOrder, shape: shape)
    }

    private mutating func skipSpaces() {
      rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    }

    private mutating func takes(_ word: StaticString) -> Bool {
      skipSpaces()
      let expected = word.withUTF8Buffer { Array($0) }
      guard rest.starts(with: expected) else { return false }
      rest = rest.dropFirst(expected.count)
      return true
    }

    private mutating func expect(_ word: StaticString) throws(Defect) {
      guard takes(word) else {
        throw Defect(reason: "its header has no '\(word)' where one belongs")
      }
    }

    private mutating func string() throws(Defect) -> String {
      let isSingleQuoted = takes("'")
      if !isSingleQuoted { try expect("\"") }
      let quote = isSingleQuoted ? UInt8(ascii: "'") : UInt8(ascii: "\"")
      guard let end = rest.firstIndex(of: quote) else {
        throw Defect(reason: "its header has an open string")
      }
      defer { rest = rest[(end + 1)...] }
      return String(decoding: rest[..<end], as: UTF8.self)
    }

    private mutating func boolean() throws(Defect) -> Bool {
      if takes("True") { return true }
      if takes("False") { return false }
      throw Defect(reason: "its fortran_order is neither True nor False")
    }

    private mutating func tuple() throws(Defect) -> [Int] {
      var extents: [Int] = []
      try expect("(")
      while !takes(")") {
        extents.append(try integer())
        if !takes(",") {
          try expect(")")
          break
        }
      }
      guard extents.count <= 32 else { throw Defect(reason: "it has \(extents.count) dimensions") }
      return extents
    }

    private mutating func integer() throws(Defect) -> Int {
      skipSpaces()
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
        throw Defect(reason: "its shape holds no usable number where one belongs")
      }
      rest = rest.dropFirst(digits.count)
      return value
    }
  }
}
