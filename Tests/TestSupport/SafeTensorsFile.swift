import Foundation

/// Builds SafeTensors files, good ones from tensors and bad ones from any header.
package struct SafeTensorsFile {
  private var entries: [String] = []
  private var data: [UInt8] = []

  package init(metadata: [String: String] = [:]) {
    if !metadata.isEmpty {
      let pairs = metadata.map { "\"\($0)\":\"\($1)\"" }.sorted().joined(separator: ",")
      entries.append("\"__metadata__\":{\(pairs)}")
    }
  }

  /// Adds a tensor whose bytes lie in memory as they shall lie in the file.
  package mutating func add(_ name: String, type: String, shape: [Int], bytes: [UInt8]) {
    let end = data.count + bytes.count
    entries.append(
      "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(data.count),\(end)]}"
    )
    data += bytes
  }

  /// Adds a Float32 tensor.
  package mutating func add(_ name: String, shape: [Int], _ values: [Float]) {
    add(name, type: "F32", shape: shape, bytes: values.withUnsafeBytes(Array.init))
  }

  package var bytes: [UInt8] {
    Self.bytes(header: "{" + entries.joined(separator: ",") + "}", data: data)
  }

  /// A file with a header as given, true or not.
  package static func bytes(header: String, data: [UInt8] = []) -> [UInt8] {
    bytes(headerLength: UInt64(header.utf8.count), rest: Array(header.utf8) + data)
  }

  package static func bytes(headerLength: UInt64, rest: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: headerLength.littleEndian, Array.init) + rest
  }
}
