import DSCore
import DSSchedule
import TestSupport
import Testing

@Suite struct SchemaTests {
  private func checker() throws -> SchemaChecker {
    try SchemaChecker(documentation: "schedule.schema.json")
  }

  @Test func theSchemaAcceptsWhatWeWrite() throws {
    let checker = try checker()
    var generator = SeededGenerator(seed: 3)
    var schedules = (0..<50).map { _ in ScheduleSamples.random(&generator) }
    schedules.append(try ScheduleSamples.read())
    for schedule in schedules {
      #expect(checker.faults(of: try JSONValue(parsing: schedule.text.utf8)).isEmpty)
    }
  }

  /// Schema and reader are two descriptions of one format: removing or damaging any single value of
  /// the file must be judged alike by both.
  @Test func theSchemaAndTheReaderAgree() throws {
    let checker = try checker()
    let whole = try JSONValue(parsing: ScheduleSamples.text.utf8)
    let damages: [JSONValue?] = [
      nil, .null, .integer(-1), .number(1.5), .string("?"), .array([]), .object([:]),
    ]
    for damage in damages {
      for (path, damaged) in whole.variants(damage: damage) {
        let isRead = (try? Schedule(data: damaged.text.utf8)) != nil
        let fits = checker.faults(of: damaged).isEmpty
        #expect(isRead == fits, "\(path) replaced by \(damage?.text ?? "nothing")")
      }
    }
  }
}
