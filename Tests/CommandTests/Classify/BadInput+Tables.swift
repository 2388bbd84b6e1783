import DSRuntime
import DSSchedule
import Foundation
import TestSupport

extension BadInput {
  // MARK: - Words

  static let words: [BadInput] =
    [
      BadInput(
        "no such model", exits: 2, says: "did you mean 'mobilenet-v1'",
        words: ["--model", "mobilenet-v3"]),
      BadInput(
        "no such network file", exits: 3, says: "No such file", words: ["--model", "./none.json"]),
      BadInput("empty network file", exits: 3, says: "JSON", words: ["--model", "@"]),
      BadInput("batch", exits: 2, says: "unknown flag '--batch'", words: ["--batch=2"]),
      BadInput("no classes", exits: 2, says: "--top takes", words: ["--top", "0"]),
      BadInput("no threads", exits: 2, says: "--threads takes", words: ["--threads", "0"]),
      BadInput("no such set", exits: 2, says: "--isa takes", words: ["--isa", "avx3"]),
      BadInput("two images", exits: 2, says: "one word too many", words: ["other.png"]),
      BadInput("seed of letters", exits: 2, says: "seed:0", words: ["--weights", "seed:x"]),
      BadInput("seed below zero", exits: 2, says: "seed:0", words: ["--weights", "seed:-1"]),
      BadInput(
        "more threads than cores", exits: 4, says: "ask for 1 to", words: ["--threads", "65536"]),
    ]
    + ["0", "-1", "1e9", "nan", "inf", "x"].map { width in
      BadInput(
        "width \(width)", exits: 2, says: "width",
        words: ["--model", "mobilenet-v1", "--width=\(width)"])
    }
    + ["0", "-1", "33", "1000000", "9999999999999999999"].map { resolution in
      BadInput(
        "resolution \(resolution)", exits: 2, says: "resolution",
        words: ["--model", "mobilenet-v1", "--resolution=\(resolution)"])
    }

  // MARK: - Weights

  private static func weights(
    _ name: String, _ sentence: String, _ bytes: some Sequence<UInt8>
  ) -> BadInput {
    BadInput(name, exits: 3, says: sentence, words: ["--weights", "@"], bytes: bytes)
  }

  private static func weights(
    _ name: String, _ sentence: String, edit: (String, inout [Int], inout [Float]) -> Bool
  ) -> BadInput {
    weights(name, sentence, ClassifyScene.weights(edit: edit).bytes)
  }

  private static var integers: [UInt8] {
    var file = ClassifyScene.weights { name, _, _ in name != "stem/bias" }
    file.add("stem/bias", type: "I32", shape: [24], bytes: [UInt8](repeating: 0, count: 96))
    return file.bytes
  }

  /// A file whose second tensor claims these bytes.
  private static func claiming(_ offsets: String) -> [UInt8] {
    let header =
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
      + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":\(offsets)}}"
    return SafeTensorsFile.bytes(header: header, data: [UInt8](repeating: 0, count: 16))
  }

  static let weights: [BadInput] = [
    BadInput("no weights file", exits: 3, says: "No such file", words: ["--weights", "none"]),
    BadInput("folder", exits: 3, says: "is a directory", words: ["--weights", "/tmp"]),
    BadInput("device", exits: 3, says: "pipe or a device", words: ["--weights", "/dev/zero"]),
    weights("empty file", "SafeTensors", []),
    weights("truncated", "truncated", ClassifyScene.weights().bytes.dropLast(5)),
    weights(
      "header of 2^63 bytes", "limit", SafeTensorsFile.bytes(headerLength: 1 << 63, rest: [])),
    weights("overlapping tensors", "'b' overlaps", claiming("[4,12]")),
    weights("tensor beyond the end", "'b'", claiming("[8,1000]")),
    weights("tensor of negative size", "'b'", claiming("[16,8]")),
    weights("missing tensor", "'mix/kernel'") { name, _, _ in name != "mix/kernel" },
    weights("other shape", "'scores/kernel' has shape [7, 20]") { name, shape, _ in
      if name == "scores/kernel" { shape.reverse() }
      return true
    },
    weights("NaN", "'mix/bias' holds NaN or infinity at element 3") { name, _, values in
      if name == "mix/bias" { values[3] = .nan }
      return true
    },
    weights("infinity", "'stem/kernel' holds NaN or infinity") { name, _, values in
      if name == "stem/kernel" { values[100] = .infinity }
      return true
    },
    weights("scores beyond all range", "beyond Float32's range") { name, _, values in
      if name == "scores/kernel" { values = values.map { _ in .greatestFiniteMagnitude } }
      return true
    },
    weights("integers", "store it as F32", integers),
  ]

  // MARK: - Images

  private static func image(
    _ name: String, _ sentence: String, _ bytes: some Sequence<UInt8>
  ) -> BadInput {
    BadInput(name, exits: 3, says: sentence, image: "@", bytes: bytes)
  }

  /// A PNG whose header claims this extent.
  private static func png(width: UInt32, height: UInt32) throws -> [UInt8] {
    var bytes = [UInt8](try Fixtures.data("images/rgb.png"))
    withUnsafeBytes(of: (width.bigEndian, height.bigEndian)) {
      bytes.replaceSubrange(16..<24, with: $0)
    }
    return bytes
  }

  private static func array(_ shape: [Int], _ value: Float) throws -> Data {
    try Fixtures.withTemporaryFolder { folder in
      let values = [Float](repeating: value, count: shape.reduce(1, *))
      try NumpyArray(shape: shape, values: values).write(to: folder + "/array.npy")
      return try Data(contentsOf: URL(filePath: folder + "/array.npy"))
    }
  }

  static var images: [BadInput] {
    get throws {
      [
        BadInput("no image file", exits: 3, says: "No such file", image: "none.png"),
        BadInput("folder", exits: 3, says: "is a directory", image: "/tmp"),
        image("empty file", "is empty", []),
        image("text", "no image in a known format", "a cat".utf8),
        image("PPM of 0x0", "0x0 pixels", "P6 0 0 255\n".utf8),
        image("PNG of 0x0", "0x0 pixels", try png(width: 0, height: 0)),
        image("PPM of 10^5 x 10^5", "above the limit", "P6 100000 100000 255\n".utf8),
        image("PNG of 10^5 x 10^5", "above the limit", try png(width: 100_000, height: 100_000)),
        image("truncated JPEG", "truncated", try Fixtures.data("images/rgb.jpg").prefix(400)),
        image("truncated PNG", "broken PNG", try Fixtures.data("images/rgb.png").prefix(80)),
        image("truncated PPM", "truncated", ClassifyScene.image.dropLast()),
        image("array of another shape", "[1, 8, 8, 3]", try array([1, 9, 8, 3], 0)),
        image("array with NaN", "holds NaN or infinity", try array([8, 8, 3], .nan)),
        image("truncated array", ".npy", try array([8, 8, 3], 0).dropLast(4)),
      ]
    }
  }

  // MARK: - Schedules and labels

  private static func schedule(
    _ name: String, _ sentence: String, _ text: String
  ) -> BadInput {
    BadInput(name, exits: 3, says: sentence, words: ["--schedule", "@"], bytes: text.utf8)
  }

  static var schedules: [BadInput] {
    get throws {
      let good = try ClassifyScene.schedule().text
      return [
        BadInput("no schedule file", exits: 3, says: "No such file", words: ["-s", "none"]),
        schedule("empty file", "is empty", ""),
        schedule("blanks", "is empty", " \n\n"),
        schedule("truncated", "ends in the middle of line", String(good.prefix(good.count / 2))),
        schedule("no JSON", "is no JSON", "threads: 2\n"),
        schedule("other JSON", "no schedule", "{\"threads\": 2}"),
        schedule(
          "another major version", "dstune.schedule/2.0",
          good.replacing(/dstune\.schedule\/1\.\d+/, with: "dstune.schedule/2.0")),
        schedule("no threads", "threads", good.replacing("\"threads\": 1", with: "\"threads\": 0")),
        schedule(
          "a tile of letters", "parameters",
          good.replacing(/"rows": \d+/, with: "\"rows\": \"many\"")),
        schedule("nested without end", "JSON", String(repeating: "[", count: 100_000)),
      ]
    }
  }

  static let labels = [
    BadInput("no labels file", exits: 3, says: "No such file", words: ["--labels", "none"]),
    BadInput(
      "too few labels", exits: 3, says: "2 labels for 7 classes", words: ["--labels", "@"],
      bytes: "a\nb\n".utf8),
    BadInput(
      "no text", exits: 3, says: "no UTF-8 text", words: ["--labels", "@"], bytes: [0xff, 0xfe]),
  ]
}
