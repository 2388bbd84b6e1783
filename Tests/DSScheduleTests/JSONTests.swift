import DSSchedule
import Testing

@Suite struct JSONTests {
  private func parse(_ text: String) throws(JSONError) -> JSONValue {
    try JSONValue(parsing: text.utf8)
  }

  @Test(arguments: [
    ("14", JSONValue.integer(14)), ("-0", .integer(0)), ("14.0", .number(14)),
    ("1e2", .number(100)),
    ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(0x1p63)),
    ("0.1", .number(0.1)), ("5e-324", .number(.leastNonzeroMagnitude)), ("true", .bool(true)),
    ("null", .null),
    (#""a\u00e9\ud83d\ude00\n\/""#, .string("aé😀\n/")), ("[]", .array([])), ("{ }", .object([:])),
    (" [1 , [2.5]]\n", .array([.integer(1), .array([.number(2.5)])])),
    (#"{"a":{"b":[]}}"#, .object(["a": .object(["b": .array([])])])),
  ])
  func readsAndWritesBack(text: String, value: JSONValue) throws {
    #expect(try parse(text) == value)
    #expect(try parse(value.text) == value)
    #expect(try parse(value.prettyText(width: 3)) == value)
  }

  @Test(arguments: [
    "01", "+1", ".5", "1.", "1e", "--1", "NaN", "Infinity", "1e999", "tru", "nul", "'a'", "[1,]",
    "[,1]",
    "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{\"a\":1,\"a\":2}", #"{"a":1,"\u0061":2}"#, "[1] 2",
    "\"\\x\"", "\"\\ud800\"",
    "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\u12g4\"", "\"a\tb\"", "// c\n1", "[1}", "\u{feff}1",
  ])
  func refusesWhatIsNotStrict(text: String) {
    #expect(throws: JSONError.self) { try parse(text) }
  }

  @Test func refusesBrokenUTF8() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xc3, 0x28, 0x22]) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
  }

  @Test func saysWhere() {
    #expect(
      throws: JSONError(
        line: 3, column: 4, reason: "a value was expected here", isTruncation: false)
    ) {
      try parse("{\n\"a\":\n  [?]}")
    }
  }

  @Test func refusesDeepNestingInsteadOfCrashing() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError.self) { try parse(deep) }
    #expect(throws: Never.self) {
      try parse(String(repeating: "[", count: 128) + String(repeating: "]", count: 128))
    }
  }

  @Test func keysAreSortedAndSmallPartsStayOnALine() throws {
    let value = try parse(#"{"b": {"z": 1, "a": 2}, "a": [1, 2, 3], "c": 3.5}"#)
    #expect(value.text == #"{"a": [1, 2, 3], "b": {"a": 2, "z": 1}, "c": 3.5}"#)
    #expect(
      value.prettyText(width: 24) == """
        {
          "a": [1, 2, 3],
          "b": {"a": 2, "z": 1},
          "c": 3.5
        }

        """)
  }

  @Test func unknownNumbersAreNull() {
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).text == "[null, null]")
  }
}
