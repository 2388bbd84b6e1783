import DSRuntime
import Foundation
import TestSupport
import Testing

/// Files of a few bytes, and what the format's own library says of them (`Scripts/make-safetensors-fixtures`).
@Suite("SafeTensors files, as their library reads them")
struct SafeTensorsVerdictTests {
  private struct Row: Decodable {
    struct Tensor: Decodable {
      var dtype: String
      var shape: [UInt64]
    }

    var name: String
    var file: Data
    var opens: Bool
    var tensors: [String: Tensor]?
    var metadata: [String: String]?
    /// Why the library opens it and this project does not.
    var refused: String?
    /// Why this project opens it and the library does not.
    var accepted: String?
  }

  /// Each file, opened where it is not refused.
  private func rows() throws -> [(row: Row, file: WeightFile?)] {
    let rows = try JSONDecoder().decode(
      [Row].self, from: Fixtures.data("safetensors/verdicts.json"))
    #expect(rows.count > 700 && rows.count { $0.opens } > 150)
    return try Fixtures.withTemporaryFolder { folder in
      try rows.enumerated().map { index, row in
        let path = "\(folder)/\(index)"
        try row.file.write(to: URL(filePath: path))
        return (row, try open(path))
      }
    }
  }

  private func open(_ path: String) throws -> WeightFile? {
    do { return try WeightFile(path: path) } catch WeightError.malformed {
      return nil
    }
  }

  @Test(
    "The verdict and what is found are the library's, or another for a reason that is written down")
  func verdicts() throws {
    for (row, file) in try rows() {
      let opens = row.opens ? row.refused == nil : row.accepted != nil
      #expect((file != nil) == opens, "\(row.name)")
      guard row.opens, let file else { continue }
      let tensors = row.tensors ?? [:]
      #expect(file.names == tensors.keys.sorted(), "\(row.name)")
      #expect(file.metadata == row.metadata, "\(row.name)")
      for (name, tensor) in tensors {
        let shape = tensor.shape.map { Int(clamping: $0) }
        let found = Result { try file.tensor(named: [name], shape: shape, role: .bias).shape }
        if ["F16", "BF16", "F32", "F64"].contains(tensor.dtype) {
          #expect(try found.get() == shape, "\(row.name)")
        } else {
          let refusal = WeightError.unsupportedElementType(
            name: name, type: tensor.dtype, path: file.origin)
          #expect(throws: refusal, "\(row.name)") { try found.get() }
        }
      }
    }
  }

  @Test("A type that nobody reads may be any of the format; one that is read is named")
  func unreadTypes() throws {
    var file = SafeTensorsFile()
    file.add("used", shape: [2], [1, 2])
    file.add("quarter", type: "F4", shape: [3, 2], bytes: [1, 2, 3])
    file.add("complex", type: "C64", shape: [1], bytes: [UInt8](repeating: 0, count: 8))
    let weights = try Fixtures.withFile(file.bytes) { try WeightFile(path: $0) }
    let used = try weights.tensor(named: ["used"], shape: [2], role: .bias)
    #expect(used.withValues(Array.init) == [1, 2])
    let error = #expect(throws: WeightError.self) {
      try weights.tensor(named: ["quarter"], shape: [3, 2], role: .bias)
    }
    #expect(error?.description.contains("'quarter' has type F4; store it as F32") == true)
  }
}
