import DSCore
import DSRuntime
import TestSupport
import Testing

@Suite struct HostileWeightFileTests {
  private func reason(of bytes: [UInt8]) throws -> String? {
    try Fixtures.withFile(bytes) { path in
      do {
        _ = try WeightFile(path: path)
        return nil
      } catch WeightError.malformed(let culprit, let reason) {
        #expect(culprit == path)
        return reason
      }
    }
  }

  private static func entry(
    _ name: String = "t", type: String = "F32", shape: String = "[2]", offsets: String = "[0,8]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  @Test func truncatedAnywhereIsAnError() throws {
    var file = SafeTensorsFile(metadata: ["epsilon": "1e-3"])
    file.add("a", shape: [3], [1, 2, 3])
    file.add("b", shape: [1], [4])
    let bytes = file.bytes
    #expect(try reason(of: bytes) == nil)
    for length in bytes.indices {
      #expect(try reason(of: Array(bytes[..<length])) != nil, "\(length) bytes")
    }
    #expect(try reason(of: bytes + [0])?.contains("belong to no tensor") == true)
  }

  @Test(arguments: [100_000_001, 1 << 63, UInt64.max])
  func giantHeadersAreRefused(length: UInt64) throws {
    let bytes = SafeTensorsFile.bytes(headerLength: length, rest: Array("{}".utf8))
    #expect(try reason(of: bytes)?.contains("limit") == true)
  }

  @Test func aHeaderLongerThanTheFileIsTruncation() throws {
    let bytes = SafeTensorsFile.bytes(headerLength: 1000, rest: Array("{}".utf8))
    #expect(try reason(of: bytes)?.contains("truncated") == true)
  }

  @Test(arguments: [
    "", "x", "[]", "null", "{", "{]", "{\"t\":1}", "{\"t\":{}}", "{\"t\":{\"dtype\":\"F32\"}}",
    "{\"__metadata__\":{\"epsilon\":1}}", "{\"__metadata__\":[]}", "{\u{0}}",
    "{\(entry(shape: "2"))}", "{\(entry(shape: "[2.5]"))}", "{\(entry(shape: "[2.0]"))}",
    "{\(entry(shape: "[-2]"))}",
    "{\(entry(shape: "[null]"))}", "{\(entry(shape: "[9223372036854775808]"))}",
    "{\(entry(shape: "[4611686018427387904,4611686018427387904]"))}",
    "{\(entry(shape: "[3]"))}", "{\(entry(type: "F99"))}", "{\(entry(type: "F64"))}",
    "{\(entry(offsets: "[0]"))}", "{\(entry(offsets: "[0,4,8]"))}", "{\(entry(offsets: "[8,0]"))}",
    "{\(entry(offsets: "[-8,0]"))}", "{\(entry(offsets: "[0,16]"))}",
    "{\(entry(offsets: "[9223372036854775800,9223372036854775807]"))}",
    "{\(entry("a", shape: "[1]", offsets: "[0,4]"))}",
    "{\(entry("a", shape: "[1]", offsets: "[4,8]"))}",
    "{\(entry("a")),\(entry("b"))}",
    "{\(entry("a")),\(entry("b", shape: "[1]", offsets: "[4,8]"))}",
    "{\(entry("a", shape: "[1]", offsets: "[0,4]")),\(entry("a", shape: "[1]", offsets: "[4,8]"))}",
    "{\(entry("a")),\(entry("\\u0061"))}",
    "{\"__metadata__\":{\"a\":\"b\",\"\\u0061\":\"c\"},\(entry())}",
  ])
  func malformedHeadersAreRefused(header: String) throws {
    let bytes = SafeTensorsFile.bytes(header: header, data: [UInt8](repeating: 0, count: 8))
    let reason = try #require(try reason(of: bytes))
    #expect(!reason.isEmpty)
  }

  @Test func theTensorAtFaultIsNamed() throws {
    let header = "{\(Self.entry("good")),\(Self.entry("bad", offsets: "[4,12]"))}"
    let bytes = SafeTensorsFile.bytes(header: header, data: [UInt8](repeating: 0, count: 12))
    #expect(try reason(of: bytes)?.contains("'bad' overlaps") == true)
  }

  @Test func noBitFlipCrashes() throws {
    var file = SafeTensorsFile()
    file.add("a", shape: [2], [1, 2])
    file.add("b", type: "F16", shape: [2, 1], bytes: [0, 0, 0, 0])
    for index in file.bytes.indices {
      for bit in UInt8(0)..<8 {
        var bytes = file.bytes
        bytes[index] ^= 1 << bit
        _ = try reason(of: bytes)
      }
    }
  }

  @Test func whatIsNoFileIsSaid() {
    #expect(throws: WeightError.unreadable(.directory(path: "/tmp"))) {
      try WeightFile(path: "/tmp")
    }
    #expect(throws: WeightError.unreadable(.noRegularFile(path: "/dev/null"))) {
      try WeightFile(path: "/dev/null")
    }
    let error = #expect(throws: WeightError.self) { try WeightFile(path: "/nowhere.safetensors") }
    #expect(error?.description.contains("No such file") == true)
  }
}
