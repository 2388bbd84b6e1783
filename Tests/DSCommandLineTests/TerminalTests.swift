import DSCommandLine
import Testing

@Suite("Terminals, tables and numbers")
struct TerminalTests {
  private static func terminal(
    width: Int?, _ repertoire: Repertoire = .unicode, styles: Bool = false
  ) -> Terminal {
    Terminal(
      isInteractive: true, width: width, hasStyles: styles, canRewriteLines: true,
      repertoire: repertoire)
  }

  @Test(
    "a file is no terminal, and the environment has its say",
    arguments: [
      ([:], Terminal.ColorChoice.auto, false, nil, Repertoire.ascii),
      (["COLUMNS": "40", "LANG": "en_US.UTF-8"], .auto, false, 40, .unicode),
      (["COLUMNS": "0", "LANG": "C", "LC_ALL": "C.utf8"], .always, true, nil, .unicode),
      (["COLUMNS": "many", "LANG": "de_DE.UTF-8", "LC_ALL": "C"], .never, false, nil, .ascii),
      (["NO_COLOR": "1", "LC_ALL": "", "LANG": "C.UTF-8"], .always, true, nil, .unicode),
    ] as [([String: String], Terminal.ColorChoice, Bool, Int?, Repertoire)])
  func environment(
    variables: [String: String], color: Terminal.ColorChoice, styles: Bool, width: Int?,
    repertoire: Repertoire
  ) throws {
    let file = try TemporaryFile()
    let terminal = Terminal(
      descriptor: file.descriptor, color: color, environment: { variables[$0] })
    #expect(!terminal.isInteractive && !terminal.canRewriteLines)
    #expect(terminal.hasStyles == styles)
    #expect(terminal.width == width)
    #expect(terminal.repertoire == repertoire)
  }

  @Test("styles only where wanted")
  func styles() {
    #expect(Self.terminal(width: 80).styled("x", .red) == "x")
    let styled = Self.terminal(width: 80, styles: true).styled("x", .red, .bold)
    #expect(styled == "\u{1B}[31;1mx\u{1B}[0m")
  }

  private static let table: Table = {
    var table = Table(columns: [
      .init("problem", minimumWidth: 12),
      .init("kernel", priority: 2, minimumWidth: 16),
      .init("µs", alignment: .right),
      .init("GFLOP/s", alignment: .right, priority: 3),
      .init("workspace", alignment: .right, priority: 1),
    ])
    table.append([
      "depthwise 3x3 s1 p1,1 112x112x32 relu6 f32", "f32-depthwise-3x3s1-simd-1x14__avx512",
      "31.2", "231", "0",
    ])
    table.append(["pointwise 7x7x1024→1024", "a|b\nc", "1204.5", "9.1", "1.5 MiB"])
    return table
  }()

  @Test("tables fit", arguments: [24, 40, 60, 80, 120])
  func tableWidths(width: Int) {
    let terminal = Self.terminal(width: width)
    let text = Self.table.text(for: terminal)
    expectGolden(text, "table-\(width).txt")
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
  }

  @Test("a pipe gets every column in full")
  func tableInPipe() {
    let terminal = Self.terminal(width: nil)
    #expect(Self.table.hiddenColumns(for: terminal) == [])
    #expect(Self.table.text(for: terminal).contains("f32-depthwise-3x3s1-simd-1x14__avx512"))
  }

  @Test("the least important columns go first, and are named")
  func hiddenColumns() {
    #expect(Self.table.hiddenColumns(for: Self.terminal(width: 120)) == [])
    #expect(
      Self.table.hiddenColumns(for: Self.terminal(width: 40)) == ["kernel", "workspace"])
    #expect(
      Self.table.hiddenColumns(for: Self.terminal(width: 1)) == ["kernel", "GFLOP/s", "workspace"])
  }

  @Test("Markdown keeps every column and escapes what would break it")
  func markdown() {
    expectGolden(Self.table.markdown(), "table.md")
  }

  @Test("no locale: a table in ASCII, still aligned")
  func asciiTable() {
    let lines = Self.table.text(for: Self.terminal(width: 60, .ascii)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    #expect(lines[0].contains(" us"))
  }

  @Test("wide characters take two columns")
  func wideCharacters() {
    var table = Table(columns: [.init("名前"), .init("n", alignment: .right)])
    table.append(["ab", "1"])
    #expect(table.text(for: Self.terminal(width: 80)) == "名前  n\nab    1\n")
  }

  @Test(
    "fixed decimals, rounded from the exact value",
    arguments: [
      (0, 2, "0.00"), (1.005, 2, "1.00"), (1.115, 2, "1.11"), (0.125, 2, "0.12"),
      (0.375, 2, "0.38"), (2.5, 0, "2"), (3.5, 0, "4"), (-1.25, 1, "-1.2"), (-0.001, 2, "0.00"),
      (999.995, 2, "1000.00"), (1e22, 2, "1e+22"), (0.1, 15, "0.100000000000000"),
      (9_007_199_254_740_991, 0, "9007199254740991"), (.nan, 2, "nan"), (-.infinity, 2, "-inf"),
      (.leastNonzeroMagnitude, 3, "0.000"), (0.045, 2, "0.04"), (0.055, 2, "0.06"),
    ] as [(Double, Int, String)])
  func fixed(value: Double, decimals: Int, text: String) {
    #expect(Quantity.fixed(value, decimals: decimals) == text)
  }

  @Test(
    "three digits that mean something",
    arguments: [
      (1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (1234, "1234"), (9.996, "10.0"),
      (99.96, "100"), (999.6, "1000"), (0.01234, "0.0123"), (0.099996, "0.100"), (0, "0"),
      (-12.34, "-12.3"),
    ] as [(Double, String)])
  func significant(value: Double, text: String) {
    #expect(Quantity.significant(value) == text)
  }

  @Test("units")
  func units() {
    #expect(Quantity.microseconds(31.24) == "31.2 µs")
    #expect(Quantity.microseconds(0.5) == "500 ns")
    #expect(Quantity.microseconds(4900) == "4.90 ms")
    #expect(Quantity.microseconds(999.7) == "1.00 ms")
    #expect(Quantity.microseconds(2_500_000_000) == "2500 s")
    #expect(Quantity.microseconds(0) == "0 µs")
    #expect(Quantity.microseconds(.nan) == "nan µs")
    #expect(Quantity.microseconds(-31.24) == "-31.2 µs")
    #expect(Quantity.bytes(0) == "0 B")
    #expect(Quantity.bytes(1023) == "1023 B")
    #expect(Quantity.bytes(48 * 1024) == "48.0 KiB")
    #expect(Quantity.bytes(3 << 19) == "1.50 MiB")
    #expect(Quantity.bytes(.max) == "8.00 EiB")
    #expect(Quantity.count(999) == "999")
    #expect(Quantity.count(4_253_864) == "4.25 M")
    #expect(Quantity.count(568_740_352) == "569 M")
    #expect(Quantity.count(.min) == "-9.22 E")
    #expect(Quantity.percent(0.974) == "97.4 %")
    #expect(Quantity.clock(seconds: 6.2) == "0:07")
    #expect(Quantity.clock(seconds: 83) == "1:23")
    #expect(Quantity.clock(seconds: 7384) == "2:03:04")
    #expect(Quantity.clock(seconds: .infinity) == "?")
  }
}
