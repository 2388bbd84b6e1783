import DSReporting
import DSSchedule
import Foundation
import Testing

@Suite struct FormatTests {
  // MARK: - Markdown

  @Test func markdownIsAlignedAndShowsOnlyWhatIsKnown() {
    let expected = """
      | problem                                | kernel | isa    | threads | parameters        |    µs |   low |  high | GFLOP/s |  GB/s | % of roof | roof | max error | correct | speed | verdict |
      | -------------------------------------- | ------ | ------ | ------: | ----------------- | ----: | ----: | ----: | ------: | ----: | --------: | ---- | --------: | ------- | ----: | ------- |
      | depthwise 3x3 s1 p1,1 7x7x32 relu6 f32 | naive  | avx512 |       2 | columns:14,rows:4 | 31.26 | 31.08 | 31.45 |  0.9028 | 0.4381 |           |      |           |         |       |         |
      """
    let text = OutputFormat.markdown.text(ReportSamples.table)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let widths = Set(lines.prefix(4).map { $0.unicodeScalars.count })
    #expect(widths.count == 1)
    let cells = { (line: Substring) in
      line.split(separator: "|").map { $0.filter { $0 != " " && $0 != "-" } }
    }
    let wanted = expected.split(separator: "\n")
    #expect(cells(lines[0]) == cells(wanted[0]))
    #expect(cells(lines[1]) == cells(wanted[1]))
    #expect(cells(lines[2]) == cells(wanted[2]))
    #expect(lines[3].contains("| faster"))
    #expect(lines[3].contains("3.1e-07"))
  }

  @Test func markdownGolden() {
    var context = ReportSamples.context
    context.doubts = [.load(average: 2)]
    let table = ResultTable(
      name: "t",
      columns: [
        Column("layer", title: "layer", kind: .text), Column("us", title: "µs", kind: .number),
        Column("hidden", kind: .number),
      ],
      rows: [
        [.text("conv1"), .number(31.25), .number(1)], [.text("a|b<c"), .missing, .number(2)],
        [.text("fc"), .number(1234567), .missing],
      ], context: context)
    #expect(
      OutputFormat.markdown.text(table) == """
        | layer     |      µs |
        | --------- | ------: |
        | conv1     |   31.25 |
        | a\\|b&lt;c |         |
        | fc        | 1234567 |

        - tool: dsbench 0.3.0
        - commit: abc1234
        - compiler: Swift 6.3.1
        - command: dsbench compare kernels --model mobilenet-v1
        - date: 2026-01-02T03:04:05+00:00
        - host: bench
        - cpu: AuthenticAMD/26/2
        - model: Example 9
        - isa: avx512
        - topology: core:2 pu:1 l1d:48K l3:32M/2 numa:1
        - warning: the load average is 2.0: end what else runs and measure again

        """)
  }

  @Test func hostileMarkdownKeepsItsRowsAndColumns() {
    let text = OutputFormat.markdown.text(ReportSamples.hostileTable)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let rows = lines.prefix { !$0.isEmpty }
    #expect(rows.count == ReportSamples.hostile.count + 2)
    for row in rows {
      let unescaped = row.replacing("\\\\", with: "").replacing("\\|", with: "")
      #expect(unescaped.count { $0 == "|" } == 3, "\(row)")
    }
  }

  // MARK: - What Python reads

  @Test(.enabled(if: Python.isInstalled)) func csvIsReadByPython() throws {
    let table = ReportSamples.hostileTable
    let text = OutputFormat.csv.text(table)
    let script = """
      import csv, json
      with open('t.csv', newline='', encoding='utf-8') as file:
          rows = list(csv.DictReader(file, strict=True))
      print(json.dumps([[r['text'], r['index'], json.loads(r['list']), r['odd "name\\'_inner,'], r['flag'],
                         json.loads(r['samples_ns']), r['context_command'], r['context_commit']] for r in rows]))
      """
    let rows = try arrays(Python.run(script, files: ["t.csv": text]))
    #expect(rows.count == ReportSamples.hostile.count)
    for (index, row) in rows.enumerated() {
      let string = JSONValue.string(ReportSamples.hostile[index])
      #expect(row[0] == string)
      #expect(row[1] == .string("\(index)"))
      #expect(row[2] == .array([string, string]))
      #expect(row[3] == .string(["", "", "0.0", "-0.5", "1e+300"][index % 5]))
      #expect(row[4] == .string(["", "true", "false"][index % 3]))
      #expect(row[5] == .array([.number(1), .number(2.5)]))
      #expect(row[6] == .string(try #require(table.context).command))
      #expect(row[7] == .string("abc1234"))
    }
  }

  @Test func csvLinesEndAsTheStandardSays() {
    let text = OutputFormat.csv.text(ReportSamples.table)
    #expect(text.utf8.count { $0 == 0x0d } == 3)
    #expect(text.utf8.count { $0 == 0x0a } == 3)
    #expect(text.hasPrefix("problem,kernel,isa,threads,parameters,cache,microseconds_median,"))
  }

  @Test(.enabled(if: Python.isInstalled), arguments: [OutputFormat.json, .jsonLines])
  func jsonIsReadByPython(format: OutputFormat) throws {
    let script = """
      import json
      text = open('t', encoding='utf-8').read()
      strict = lambda text: json.loads(text, parse_constant=lambda name: 1/0)
      rows = strict(text) if text.startswith('[') else [strict(line) for line in text.split('\\n')[:-1]]
      print(json.dumps(rows))
      """
    for table in [ReportSamples.table, ReportSamples.hostileTable] {
      let rows = try Python.run(script, files: ["t": format.text(table)])
      #expect(
        try JSONValue(parsing: rows.utf8) == JSONValue(parsing: OutputFormat.json.text(table).utf8))
    }
  }

  @Test func jsonRowsHaveTheAgreedFields() throws {
    guard
      case .array(let rows) = try JSONValue(
        parsing: OutputFormat.json.text(ReportSamples.table).utf8),
      rows.count == 2, case .object(let row) = rows[1]
    else {
      Issue.record("no array of two rows")
      return
    }
    let agreed: Set = [
      "problem", "kernel", "isa", "threads", "parameters", "microseconds", "gflops",
      "percent_of_roof",
      "max_error", "correct", "samples_ns", "context", "warnings", "verdict", "relative_speed",
    ]
    #expect(agreed.subtracting(row.keys).isEmpty)
    #expect(row["threads"] == .integer(2))
    #expect(row["parameters"] == .object(["columns": .integer(14), "rows": .integer(4)]))
    #expect(row["correct"] == .bool(true))
    guard case .object(let time)? = row["microseconds"] else {
      Issue.record("no time")
      return
    }
    #expect(Set(time.keys) == ["median", "low", "high", "samples"])
    #expect(time["samples"] == .integer(12))
    guard case .object(let context)? = row["context"] else {
      Issue.record("no context")
      return
    }
    for key in ["cpu", "commit", "compiler", "isa", "command", "date", "host", "topology"] {
      #expect(context[key] != nil, "\(key)")
    }
  }

  @Test(.enabled(if: Python.isInstalled)) func sqlIsReadBySQLite() throws {
    let script = #"""
      import json, sqlite3
      database = sqlite3.connect(':memory:')
      text = open('t.sql', encoding='utf-8', newline='').read()
      database.executescript(text)
      database.executescript(text)
      print(json.dumps(database.execute('''SELECT text, "index", list, "odd ""name'_inner,", flag,
        context_command, typeof("odd ""name'_inner,"), json_array_length(samples_ns)
        FROM "bench ""1""" ''').fetchall()))
      """#
    let table = ReportSamples.hostileTable
    let rows = try arrays(Python.run(script, files: ["t.sql": OutputFormat.sql.text(table)]))
    #expect(rows.count == 2 * ReportSamples.hostile.count)
    for (index, row) in rows.prefix(ReportSamples.hostile.count).enumerated() {
      #expect(row[0] == .string(ReportSamples.hostile[index]))
      #expect(row[1] == .integer(index))
      #expect(row[3] == [.null, .null, .number(0), .number(-0.5), .number(1e300)][index % 5])
      #expect(row[4] == [.null, .integer(1), .integer(0)][index % 3])
      #expect(row[5] == .string(try #require(table.context).command))
      #expect(row[7] == .integer(2))
    }
  }

  private func arrays(_ text: String) throws -> [[JSONValue]] {
    guard case .array(let rows) = try JSONValue(parsing: text.utf8) else { return [] }
    return rows.map { if case .array(let cells) = $0 { cells } else { [] } }
  }

  // MARK: - Numbers

  @Test(arguments: [
    (0.0, "0"), (31.25, "31.25"), (31.256, "31.26"), (9.99999, "10.000"), (1234.5, "1235"),
    (1, "1.000"),
    (4_253_864, "4253864"), (0.9028, "0.9028"), (0.00123, "0.001230"), (3.1e-7, "3.1e-07"),
    (-2.5, "-2.500"), (9.96e-5, "1.0e-04"), (1e300, "1.0e+300"), (1e-300, "1.0e-300"), (.nan, ""),
    (-.infinity, ""), (999.96, "1000.0"), (1e15, "1.0e+15"),
  ])
  func numbersArePlain(value: Double, text: String) {
    #expect(ReadableNumber.text(value) == text)
  }
}
