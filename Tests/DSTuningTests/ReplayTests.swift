import DSCore
import DSNetworks
import DSSchedule
import DSTuning
import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct ReplayTests {
  @Test(arguments: [1, 2]) func aReplayGivesTheSameSchedule(workers: Int) throws {
    let tuning = try RecordedTuning(workers: workers)
    let replayed = try RecordedTuning.replay(tuning.journal, tuning.request)
    #expect(replayed == tuning.result.schedule)
    #expect(tuning.result.confirmation != nil)
    #expect(tuning.result.schedule.entries.contains { $0.state == .confirmed })
  }

  @Test func replayingWithFewerRoundsDecidesByThoseAlone() throws {
    let tuning = try RecordedTuning()
    try Fixtures.withFile(tuning.journal) { path in
      let trials = try Journal.read(path: path).trials.limited(toRounds: 3)
      #expect(trials.races.values.allSatisfy { $0.rounds.count <= 3 })
      var request = tuning.request
      request.isReplay = true
      let result = try TuningSamples.tuner(request, recorded: trials).tune()
      #expect(result.results.allSatisfy { ($0.nanoseconds?.count ?? 0) <= 3 })
    }
  }

  /// Killed at any byte and continued: nothing that was recorded is timed again, and what comes out is what
  /// the journal says.
  @Test func aTruncatedJournalIsContinuedFromWhereItStops() throws {
    let tuning = try RecordedTuning()
    let header = TuningSamples.header(tuning.request)
    let first = RecordedTuning.lines(tuning.journal)[0].count + 1
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      let length = first + Int(generator.next() % UInt64(tuning.journal.count - first))
      let torn = tuning.journal.prefix(length)
      let (schedule, final) = try Fixtures.withFile(torn) { path in
        let (journal, recorded, trials) = try Journal.resume(path: path, header: header)
        let result = try Tuner(
          tuning.request, machine: recorded.restoring(TuningSamples.machine),
          declared: TuningSamples.machine, patterns: recorded.patterns, journal: journal,
          recorded: trials
        ).tune()
        return (result.schedule, try Data(contentsOf: URL(filePath: path)))
      }
      let survived = torn.prefix((torn.lastIndex(of: UInt8(ascii: "\n")) ?? 0) + 1)
      #expect(final.starts(with: survived))
      try expectNothingTwice(final)
      #expect(try RecordedTuning.replay(final, tuning.request) == schedule, "cut at \(length)")
    }
  }

  /// Every race is begun once, finished once, and has each of its rounds once.
  private func expectNothingTwice(_ journal: Data) throws {
    var seen: Set<String> = []
    for line in RecordedTuning.lines(journal).dropFirst() {
      guard case .object(let object) = try JSONValue(parsing: line) else { continue }
      let race = object["race"]?.text ?? ""
      var key = race + (object.keys.contains("finished") ? " finished" : " begun")
      if object.keys.contains("noise") { key = "noise" }
      if case .array(let blocks)? = object["blocks"], case .array(let block)? = blocks.first {
        key = race + " round \(block[1].text)"
      }
      #expect(seen.insert(key).inserted, "\(key) stands twice")
    }
  }

  @Test func aFinishedJournalIsNotAddedTo() throws {
    let tuning = try RecordedTuning()
    try Fixtures.withFile(tuning.journal) { path in
      let (journal, _, trials) = try Journal.resume(
        path: path, header: TuningSamples.header(tuning.request))
      let result = try TuningSamples.tuner(tuning.request, journal: journal, recorded: trials)
        .tune()
      #expect(result.schedule == tuning.result.schedule)
      #expect(try Data(contentsOf: URL(filePath: path)) == tuning.journal)
    }
  }
}
