import DSNetworks
import Testing

@Suite struct HostileFileTests {
  struct Change: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    /// What the sentence must say.
    var says: String
    var testDescription: String { "\(old) → \(new)" }

    init(_ old: String, _ new: String, _ says: String) {
      (self.old, self.new, self.says) = (old, new, says)
    }
  }

  static let changes = [
    // References
    Change(
      #""input": "stem""#, #""input": "pw""#, "layer 'dw': it reads 'pw', which does not come"),
    Change(
      #""input": "stem""#, #""input": "dw""#, "layer 'dw': it reads 'dw', which does not come"),
    Change(#""input": "stem""#, #""input": "stm""#, "'stm', and no layer has this name"),
    Change(#""input": "stem""#, #""input": "image""#, "only a standard convolution can read"),
    Change(#""residual": "shortcut""#, #""residual": "mean""#, "layer 'pool': it adds 'mean'"),
    Change(#""residual": "shortcut""#, #""residual": "stem""#, "the shapes must be equal"),
    Change(
      #""residual": "shortcut""#, #""activation": "relu""#,
      "nobody reads the output of layer 'shortcut'"),
    Change(#""name": "pw""#, #""name": "dw""#, "another layer has this name"),
    Change(#""name": "pw""#, #""name": """#, "needs a name"),
    // Numbers
    Change("[33, 20, 3]", "[33, -20, 3]", "33x-20x3 is not possible"),
    Change("[33, 20, 3]", "[33, 20]", "input: 3 numbers"),
    Change("[33, 20, 3]", "[1048576, 1048576, 1048576]", "more than 2^33 elements"),
    Change("[33, 20, 3]", "[9223372036854775807, 1, 1]", "is no whole number"),
    Change("[33, 20, 3]", "[1e300, 1, 1]", "input[0]: 1e+300 is no whole number"),
    Change(#""stride": 2, "channels": 16"#, #""stride": 0, "channels": 16"#, "stride 0"),
    Change(#""stride": 2, "channels": 16"#, #""stride": -2, "channels": 16"#, "stride -2"),
    Change(
      #""stride": 2, "channels": 16"#, #""stride": 2.5, "channels": 16"#,
      "layers[1].stride: 2.5 is no whole"),
    Change(
      #""stride": 2, "channels": 16"#, #""stride": "2", "channels": 16"#, "a number belongs here"),
    Change("[3, 5]", "[3, 5, 1]", "layers[0].kernel"),
    Change("[3, 5]", "[4096, 4096]", "window"),
    Change("[3, 5]", "9223372036854775807", "kernel"),
    Change("[3, 5]", "0", "kernel 0x0"),
    Change("[1, 1, 1, 1]", "[1, 1, 1, -1]", "padding must be within"),
    Change("[1, 1, 1, 1]", "[3, 1, 1, 1]", "smaller than the window"),
    Change("[1, 1, 1, 1]", #""smae""#, "layers[2].padding"),
    Change(#""channels": 8"#, #""channels": -8"#, "channels -8"),
    Change(#""channels": 8"#, #""channels": 99999999999"#, "channels 99999999999"),
    Change(#""channels": 8, "#, "", "needs 'channels'"),
    Change(#""classes": 10"#, #""classes": 11"#, "11 classes need 1x1x11"),
    Change("[1, 1, 16, 10]", "[1, 1, 16, 11]", "160 weights"),
    Change("[1, 1, 16, 10]", "[4294967296, 4294967296, 4294967296]", "160 weights"),
    Change("[1, 1, 16, 10]", "[-1, -1, 16, 10]", "not possible"),
    // Words
    Change(
      #""kind": "pointwise""#, #""kind": "pontwise""#, "layers[3].kind: 'pontwise' is none of"),
    Change(#""kind": "pointwise", "#, "", "layers[3]: 'kind' is missing"),
    Change(#""activation": "relu6""#, #""activation": "swish""#, "'swish' is none of none, relu"),
    Change(#""stride": 2, "padding""#, #""strides": 2, "padding""#, "'strides' is no key here"),
    Change("dstune.network/1.0", "dstune.network/2.0", "cannot be read"),
    Change(#""schema": "dstune.network/1.0", "#, "", "'schema' is missing"),
    Change(#""preprocessing": "zero-to-one""#, #""preprocessing": 1"#, "a string"),
    Change(#""name": "mean""#, #""name": "mean", "stride": 2"#, "need a 'kernel'"),
    Change(#""name": "scores""#, #""name": "scores", "kernel": 1"#, "takes no 'kernel'"),
    Change(#""name": "dw", "#, #""name": "dw", "channels": 9, "#, "leave out 'channels'"),
    Change(#""name": "mean""#, #""name": "mean", "tensors": {}"#, "has no weights"),
    Change(#""name": "mean""#, #""name": "mean", "kernel": 3"#, "dense takes one vector"),
    Change("}]}", "}]", "not JSON: line 16, column 48: ',' or '}' belongs here"),
    Change("\"layers\": [", "\"layers\" [", "not JSON: line 3, column 11: ':' belongs here"),
    Change("\"shortcut\",", "'shortcut',", "a value belongs here"),
    Change("\"probabilities\"}]}", "\"probabilities", "the closing quote"),
    Change("\"stride\": 2", "\"stride\": 2,", "a key in quotes belongs here"),
    Change(
      "\"stride\": 2", "\"stride\": 2, \"stride\": 1", "a key that is not there yet belongs here"),
    // The same key, however it is written.
    Change(
      "\"stride\": 2", #""stride": 2, "str\u0069de": 1"#, "a key that is not there yet belongs here"
    ),
    Change(
      "\"input\": [", #""\u0069\u006Eput": [9, 9, 3], "input": ["#, "a key that is not there yet"),
    Change(
      "\"bias\": \"dw/b\"", #""b\u0069as": "x", "bias": "dw/b""#, "a key that is not there yet"),
    Change("\"stride\": 2", #""str\xde": 2"#, "a key whose escapes are those of JSON"),
    Change("\"stride\": 2", #""str\ud800de": 2"#, "a key whose escapes are those of JSON"),
  ]

  @Test(arguments: changes)
  func `a broken file is refused in a sentence that helps`(change: Change) throws {
    let text = NetworkFileTests.example
    try #require(text.contains(change.old))
    let broken = text.replacing(change.old, with: change.new, maxReplacements: 1)
    #expect {
      try NetworkFileTests.network(broken)
    } throws: { error in
      #expect("\(error)".contains(change.says), "\(error)")
      return error is NetworkError
    }
  }

  @Test(arguments: [
    "", " ", "{", "[]", "null", "7", "\"x\"", "{}", "\u{0}", "{\"schema\": 1}",
    "{\"layers\": []}", String(repeating: "[", count: 100_000),
    String(repeating: "{\"layers\":", count: 10_000),
  ])
  func `what is no network file is refused`(text: String) {
    #expect(throws: NetworkError.self) { try NetworkFileTests.network(text) }
  }

  @Test func `bytes that are no text are refused`() {
    #expect(throws: NetworkError.self) {
      try NetworkDefinition(json: [0xff, 0xfe, 0x00, 0xd8, 0x80])
    }
  }

  /// No cut of a good file may be taken for a whole one, and none may trap.
  @Test func `every truncation is refused`() {
    let bytes = Array(NetworkFileTests.example.utf8)
    for count in 0..<bytes.count {
      #expect(throws: NetworkError.self) {
        try Network(NetworkDefinition(json: Array(bytes[..<count])))
      }
    }
  }

  @Test func `a network of endless work is refused before it overflows`() {
    var layers = [
      LayerDefinition(.standard, "first", kernel: 1, channels: 1 << 13)
    ]
    for index in 0..<4000 {
      layers.append(LayerDefinition(.pointwise, "\(index)", channels: 1 << 13))
    }
    let definition = NetworkDefinition(
      name: "endless", image: .init(height: 256, width: 256, channels: 3), classes: 1 << 13,
      layers: layers)
    #expect {
      try Network(definition, batch: 16)
    } throws: { error in
      "\(error)".contains("2^50")
    }
  }
}
