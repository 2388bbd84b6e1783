#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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

    let header = try Self.decode(UnsafeRawBufferPointer(rebasing: file[8..<dataStart]))
    metadata = header.metadata
    var tensors: [String: Tensor] = [:]
    for (name, entry) in header.entries {
      tensors[name] = try Self.checked(entry, name: name, dataStart: dataStart, end: file.count)
    }
    try Self.checkCoverage(tensors, dataStart: dataStart, end: file.count)
    self.tensors = tensors
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer) throws(Defect) -> Contents {
    guard let start = bytes.baseAddress, bytes.first == UInt8(ascii: "{") else {
      throw Defect(reason: "its header is no JSON object")
    }
    do {
      return try JSONDecoder().decode(Contents.self, from: Data(bytes: start, count: bytes.count))
    } catch let error as DecodingError {
      throw Defect(reason: "its header \(error.complaint)")
    } catch {
      throw Defect(reason: "its header is no JSON object")
    }
  }

  private static func checked(
    _ entry: Entry, name: String, dataStart: Int, end: Int
  ) throws(Defect) -> Tensor {
    guard entry.shape.allSatisfy({ $0 >= 0 }) else {
      throw Defect(reason: "tensor '\(name)' has shape \(entry.shape)")
    }
    guard entry.offsets.count == 2, entry.offsets[0] >= 0, entry.offsets[0] <= entry.offsets[1]
    else { throw Defect(reason: "tensor '\(name)' has data_offsets \(entry.offsets)") }
    let (begin, length) = (entry.offsets[0], entry.offsets[1] - entry.offsets[0])
    guard entry.offsets[1] <= end - dataStart else {
      throw Defect(
        reason: "tensor '\(name)' ends at byte \(entry.offsets[1]) of \(end - dataStart); "
          + "the file may be truncated")
    }
    guard let width = elementBytes[entry.type] else {
      throw Defect(reason: "tensor '\(name)' has the unknown type '\(entry.type)'")
    }
    let needed = entry.shape.reduce((bytes: width, overflow: false)) { total, extent in
      let (bytes, overflow) = total.bytes.multipliedReportingOverflow(by: extent)
      return (bytes, total.overflow || overflow)
    }
    guard !needed.overflow, needed.bytes == length else {
      throw Defect(
        reason:
          "tensor '\(name)' of shape \(entry.shape) and type \(entry.type) has \(length) bytes")
    }
    let start = dataStart + begin
    return Tensor(type: entry.type, shape: entry.shape, bytes: start..<start + length)
  }

  /// The format allows neither holes nor overlaps. This also catches a name that appears twice with
  /// different data: the JSON decoder keeps one, and the other's bytes become a hole.
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
            + "no tensor, or to a name that appears twice")
      }
      covered = tensor.bytes.upperBound
    }
    guard covered == end else {
      throw Defect(reason: "the last \(end - covered) bytes belong to no tensor")
    }
  }

  private static let elementBytes = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2,
    "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
  ]
}

// MARK: - JSON

extension SafeTensorsHeader {
  private struct Entry: Decodable {
    var type: String
    var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case type = "dtype"
      case shape
      case offsets = "data_offsets"
    }
  }

  private struct Contents: Decodable {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension DecodingError {
  /// Completes "its header …".
  fileprivate var complaint: String {
    func place(_ path: [any CodingKey]) -> String {
      path.first.map { " in '\($0.stringValue)'" } ?? ""
    }
    switch self {
    case .keyNotFound(let key, let context):
      return "has no '\(key.stringValue)'\(place(context.codingPath))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let key = context.codingPath.last { $0.intValue == nil }?.stringValue ?? "__metadata__"
      return "has a wrong '\(key)'\(place(context.codingPath))"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return "has an impossible number\(place(context.codingPath))"
    default:
      return "is no valid JSON"
    }
  }
}
