/// The checked header of a SafeTensors file: every range it holds lies inside the file, has the size
/// its type and shape ask for, and touches its neighbours without overlap or gap.
package struct SafeTensorsHeader {
  package struct Tensor {
    package var type: String
    package var shape: [Int]
    /// Where the values lie, in bytes from the file's start.
    package var bytes: Range<Int>
  }

  /// Completes "is no valid SafeTensors file: …".
  package struct Defect: Error {
    package var reason: String
  }

  /// The format's own limit.
  static let maximumHeaderBytes = 100_000_000

  let metadata: [String: String]
  package let tensors: [String: Tensor]

  package init(file: UnsafeRawBufferPointer) throws(Defect) {
    guard file.count >= 8 else { throw Defect(reason: "it has only \(file.count) bytes") }
    let claimed = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard claimed <= UInt64(Self.maximumHeaderBytes) else {
      throw Defect(reason: "its header claims \(claimed) bytes; the limit is 100 MB")
    }
    let dataStart = 8 + Int(claimed)
    guard dataStart <= file.count else {
      throw Defect(
        reason: "it ends after \(file.count) bytes, inside its header of \(claimed); "
          + "it may be truncated")
    }

    let text = try Text(UnsafeRawBufferPointer(rebasing: file[8..<dataStart]))
    metadata = text.metadata
    var tensors: [String: Tensor] = [:]
    for (name, entry) in text.entries {
      tensors[name] = try Self.checked(entry, name: name, dataStart: dataStart, end: file.count)
    }
    try Self.checkCoverage(tensors, dataStart: dataStart, end: file.count)
    self.tensors = tensors
  }

  private static func checked(
    _ entry: Text.Entry, name: String, dataStart: Int, end: Int
  ) throws(Defect) -> Tensor {
    guard entry.begin >= 0, entry.begin <= entry.end else {
      throw Defect(
        reason: "tensor '\(name)' has data_offsets [\(entry.begin), \(entry.end)]")
    }
    guard entry.end <= end - dataStart else {
      throw Defect(
        reason: "tensor '\(name)' ends at byte \(entry.end) of \(end - dataStart); "
          + "the file may be truncated")
    }
    let length = entry.end - entry.begin
    guard try byteCount(of: entry, name: name) == length else {
      throw Defect(
        reason:
          "tensor '\(name)' of shape \(entry.shape) and type \(entry.type) has \(length) bytes")
    }
    let start = dataStart + entry.begin
    return Tensor(type: entry.type, shape: entry.shape, bytes: start..<start + length)
  }

  /// `nil` where an `Int` cannot count them on the way, or where they end inside a byte.
  private static func byteCount(of entry: Text.Entry, name: String) throws(Defect) -> Int? {
    guard let width = elementBits[entry.type] else {
      let types = elementBits.keys.sorted().joined(separator: ", ")
      throw Defect(
        reason: "tensor '\(name)' has the type '\(entry.type)', which the format has not; "
          + "it has \(types)")
    }
    var bits = 1
    for factor in entry.shape + [width] {
      let (product, overflow) = bits.multipliedReportingOverflow(by: factor)
      if factor < 0 || overflow { return nil }
      bits = product
    }
    return bits % 8 == 0 ? bits / 8 : nil
  }

  /// The format allows neither holes nor overlaps.
  private static func checkCoverage(
    _ tensors: [String: Tensor], dataStart: Int, end: Int
  ) throws(Defect) {
    var covered = dataStart
    let inOrder = tensors.sorted {
      ($0.value.bytes.lowerBound, $0.value.bytes.upperBound, $0.key)
        < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound, $1.key)
    }
    for (name, tensor) in inOrder {
      guard tensor.bytes.lowerBound >= covered else {
        throw Defect(reason: "tensor '\(name)' overlaps the one before it")
      }
      guard tensor.bytes.lowerBound == covered else {
        throw Defect(
          reason:
            "the \(tensor.bytes.lowerBound - covered) bytes before tensor '\(name)' belong to "
            + "no tensor")
      }
      covered = tensor.bytes.upperBound
    }
    guard covered == end else {
      throw Defect(reason: "the last \(end - covered) bytes belong to no tensor")
    }
  }

  /// All types of the format as of version 0.8 of its library. Only some can be read as weights; the others may be there.
  private static let elementBits = [
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "C64": 64,
    "BOOL": 8, "I8": 8, "U8": 8, "I16": 16, "U16": 16, "I32": 32, "U32": 32, "I64": 64, "U64": 64,
  ]
}
