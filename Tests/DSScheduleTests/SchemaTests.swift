import DSCore
import DSSchedule
import Foundation
import Testing

@Suite struct SchemaTests {
  private func checker() throws -> SchemaChecker {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: package.appending(path: "Documentation/schedule.schema.json"))
    return SchemaChecker(root: try JSONValue(parsing: data))
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
      for (path, damaged) in Self.variants(of: whole, damage: damage) {
        let isRead = (try? Schedule(data: damaged.text.utf8)) != nil
        let fits = checker.faults(of: damaged).isEmpty
        #expect(isRead == fits, "\(path) replaced by \(damage?.text ?? "nothing")")
      }
    }
  }

  private static func variants(
    of value: JSONValue, damage: JSONValue?, path: String = "$"
  ) -> [(String, JSONValue)] {
    var result: [(String, JSONValue)] = []
    switch value {
    case .object(var members):
      for (key, member) in members {
        let path = "\(path).\(key)"
        members[key] = damage
        result.append((path, .object(members)))
        for (inner, edited) in variants(of: member, damage: damage, path: path) {
          members[key] = edited
          result.append((inner, .object(members)))
        }
        members[key] = member
      }
    case .array(var elements):
      for (index, element) in elements.enumerated() {
        for (inner, edited) in variants(of: element, damage: damage, path: "\(path)[\(index)]") {
          elements[index] = edited
          result.append((inner, .array(elements)))
        }
        elements[index] = element
      }
    default: break
    }
    return result
  }
}
