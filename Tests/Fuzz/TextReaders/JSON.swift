import DSSchedule
import FuzzHarness

extension FuzzedReader {
  static let json = FuzzedReader("json", mostBytes: 256) { bytes in
    do throws(JSONError) {
      let value = try JSONValue(parsing: bytes)
      for text in [value.text, value.prettyText(width: 40)] {
        expect((try? JSONValue(parsing: text.utf8)) == value, "written otherwise: \(text)")
      }
    } catch {
      expectSentence(error)
      expect(error.line >= 1 && error.column >= 1, "no place: \(error)")
    }
  }

  static let schedule = FuzzedReader("schedule", mostBytes: 1536) { bytes in
    do throws(ScheduleError) {
      let schedule = try Schedule(data: bytes)
      let again = try? Schedule(data: schedule.text.utf8)
      expect(again == schedule, "written otherwise: \(schedule.text)")
      for defect in schedule.defects() { expect(!defect.reason.isEmpty, "a defect without words") }
      for entry in schedule.entries {
        expect(schedule.entry(for: entry.problem) == entry, "not found: \(entry.problem)")
      }
    } catch {
      expectSentence(error)
    }
  }
}
