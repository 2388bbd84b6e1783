import DSCore
import DSRuntime
import Foundation
import TestSupport
import Testing

@Suite struct NumpyArrayTests {
  private func file(_ header: String, version: UInt8 = 1, data: [UInt8]) -> [UInt8] {
    let length = header.utf8.count
    let field: [UInt8] =
      version == 1
      ? [UInt8(length & 0xff), UInt8(length >> 8)]
      : withUnsafeBytes(of: UInt32(length).littleEndian, Array.init)
    return [0x93] + "NUMPY".utf8 + [version, 0] + field + header.utf8 + data
  }

  private static func header(
    descr: String = "'<f4'", order: String = "False", shape: String = "(2,)"
  ) -> String {
    "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }\n"
  }

  private let twoFloats = [Float(1.5), -2].withUnsafeBytes(Array.init)

  @Test(arguments: [[], [0], [5], [2, 3], [1, 4, 4, 3]])
  func whatIsWrittenIsReadBack(shape: [Int]) throws {
    let array = NumpyArray(shape: shape, values: (0..<shape.reduce(1, *)).map { Float($0) / 3 })
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/array.npy"
      try array.write(to: path)
      let copy = try NumpyArray(contentsOf: path)
      #expect(NumpyArray.isFile(path) && !NumpyArray.isFile(folder))
      #expect(copy.shape == shape && copy.values == array.values)
      let bytes = try Data(contentsOf: URL(filePath: path))
      #expect((bytes.count - array.values.count * 4) % 64 == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["array.npy"])
    }
  }

  @Test(arguments: [UInt8(1), 2, 3])
  func readsEveryVersion(version: UInt8) throws {
    let bytes = file(Self.header(), version: version, data: twoFloats)
    let array = try Fixtures.withFile(bytes) { try NumpyArray(contentsOf: $0) }
    #expect(array.shape == [2] && array.values == [1.5, -2])
  }

  @Test func convertsDoublesAndBytes() throws {
    let doubles = file(
      Self.header(descr: "\"<f8\"", shape: "(2, 1)"),
      data: [1.5, -2].withUnsafeBytes(Array<UInt8>.init))
    #expect(try Fixtures.withFile(doubles) { try NumpyArray(contentsOf: $0).values } == [1.5, -2])
    let bytes = file(Self.header(descr: "'|u1'", shape: "(2)"), data: [0, 255])
    #expect(try Fixtures.withFile(bytes) { try NumpyArray(contentsOf: $0).values } == [0, 255])
  }

  @Test(arguments: [
    header(descr: "'>f4'"), header(descr: "'<i4'"), header(descr: "[('a', '<f4')]"),
    header(order: "True"), header(order: "Maybe"), header(shape: "(3,)"), header(shape: "(-2,)"),
    header(shape: "(4611686018427387904, 4)"), header(shape: "(99999999999999999999,)"),
    header(shape: "2"), header(shape: "(2"), header(shape: "(2 1)"), header(shape: "(,)"),
    "", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4", "{'evil': __import__('os')}",
    "{'shape': (2,), 'shape': (2,), 'descr': '<f4', 'fortran_order': False}",
  ])
  func malformedHeadersAreRefused(header: String) throws {
    try Fixtures.withFile(file(header, data: twoFloats)) { path in
      let error = #expect(throws: NumpyError.self) { try NumpyArray(contentsOf: path) }
      #expect(error?.description.hasPrefix(path + ": ") == true)
    }
  }

  @Test func truncatedAnywhereIsAnError() throws {
    let bytes = file(Self.header(), data: twoFloats)
    for length in bytes.indices {
      try Fixtures.withFile(bytes[..<length]) { path in
        #expect(throws: NumpyError.self, "\(length) bytes") { try NumpyArray(contentsOf: path) }
      }
    }
    try Fixtures.withFile(file(Self.header(), version: 9, data: twoFloats)) { path in
      #expect(throws: NumpyError.self) { try NumpyArray(contentsOf: path) }
    }
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    let array = NumpyArray(shape: [1], values: [1])
    #expect(throws: NumpyError.unwritable(path: "/tmp", reason: "it is a folder")) {
      try array.write(to: "/tmp")
    }
    #expect(throws: NumpyError.self) { try array.write(to: "/nowhere/array.npy") }
    #expect(throws: NumpyError.self) { try array.write(to: "/dev/full") }
    try array.write(to: "/dev/null")
    try Fixtures.withFile([1, 2, 3]) { path in
      try array.write(to: path)
      #expect(try NumpyArray(contentsOf: path).values == [1])
    }
  }

  @Test func aReplacedFileKeepsItsModeAndItsLink() throws {
    try Fixtures.withFile([1, 2, 3]) { path in
      chmod(path, 0o640)
      let link = path + ".npy"
      symlink("file", link)
      try NumpyArray(shape: [1], values: [1]).write(to: link)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
      #expect(try NumpyArray(contentsOf: path).values == [1])
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o640)
    }
  }
}
