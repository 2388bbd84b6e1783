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
    let isGain = tuning.result.confirmation?.isGain == true
    let states = tuning.result.schedule.entries.map(\.state)
    #expect(states.contains(.confirmed) == isGain && !states.contains(.predicted))
  }

  /// The recorded race of the whole network with the times of each entrant set: what is confirmed then.
  private func replay(
    _ tuning: RecordedTuning, wholeNetwork nanoseconds: [Int], rounds: Int = 400
  ) throws -> TuningResult {
    var lines = RecordedTuning.lines(tuning.journal).map { String(decoding: $0, as: UTF8.self) }
    let begin = try #require(lines.first { $0.contains("whole network") })
    var object = try JSONValue(parsing: begin.utf8).members()
    let entrants = try #require(object["candidates"]).elements()
    object["floor"] = .number(1.002)
    lines.removeAll { $0.contains("whole network") }
    lines.append(JSONValue.object(object).text)
    for round in 0..<rounds {
      let blocks = entrants.indices.map { index in
        "[\(index),\(round),1,\(nanoseconds[index] + round),0,0,0,0,0]"
      }
      lines.append(#"{"race":"whole network","blocks":[\#(blocks.joined(separator: ","))]}"#)
    }
    lines.append(#"{"race":"whole network","finished":true}"#)
    return try Fixtures.withFile((lines.joined(separator: "\n") + "\n").utf8) { path in
      let (header, trials, _) = try Journal.read(path: path)
      var request = tuning.request
      request.isReplay = true
      return try Tuner(
        request, machine: header.restoring(TuningSamples.machine), declared: TuningSamples.machine,
        patterns: header.patterns, recorded: trials
      ).tune()
    }
  }

  @Test func noGainConfirmsNothing() throws {
    let even = [1_000_000, 1_000_000, 1_000_000]
    let same = try replay(try RecordedTuning(), wholeNetwork: even)
    #expect(same.confirmation?.isGain == false)
    #expect(same.schedule.entries.allSatisfy { $0.state != .confirmed })
  }

  /// A few runs of the whole network decide nothing.
  @Test func tooFewRunsOfTheWholeNetworkConfirmNothing() throws {
    let tuning = try RecordedTuning()
    let result = try replay(tuning, wholeNetwork: [2_000_000, 1_000_000, 1_000_000], rounds: 5)
    #expect(result.confirmation == nil && result.schedule.networkResult == nil)
    #expect(result.schedule.warnings.contains { $0.contains("timed often enough") })
  }

  @Test func replayingWithFewerRoundsDecidesByThoseAlone() throws {
    let tuning = try RecordedTuning()
    try Fixtures.withFile(tuning.journal) { path in
      let trials = try Journal.read(path: path).trials.limited(toRounds: 3)
      #expect(trials.races.values.allSatisfy { $0.rounds.count <= 3 })
      var request = tuning.request
      request.isReplay = true
      let result = try TuningSamples.tuner(request, recorded: trials).tune()
      let counts = result.results.map { $0.nanoseconds?.count ?? 0 }
      #expect(counts.allSatisfy { $0 <= 3 })
      // On a machine so busy that its time was over before, no race has three.
      let recorded = result.results.map { trials.races[$0.space.problem.key]?.rounds.count ?? 0 }
      if recorded.contains(3) { #expect(counts.contains(3)) }
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
      for name in ["noise", "in_network", "ladder"] where object.keys.contains(name) { key = name }
      if case .array(let blocks)? = object["blocks"], case .array(let block)? = blocks.first {
        key = race + " round \(block[1].text)"
      }
      #expect(seen.insert(key).inserted, "\(key) stands twice")
    }
  }

  /// What was decided inside the network holds for the plans that were measured, and no others.
  @Test(arguments: [true, false])
  func otherWinnersAreLookedAtAnewInsideTheNetwork(isSame: Bool) throws {
    let tuning = try RecordedTuning()
    var lines = RecordedTuning.lines(tuning.journal).map { String(decoding: $0, as: UTF8.self) }
    lines.removeAll { $0.contains("whole network") }
    let index = try #require(lines.firstIndex { $0.contains("in_network") })
    var object = try JSONValue(parsing: lines[index].utf8).members()
    #expect(try #require(object["plans"]).elements().count >= 3)
    if !isSame { object["plans"] = .array([.string("another")]) }
    lines[index] = JSONValue.object(object).text
    try Fixtures.withFile((lines.joined(separator: "\n") + "\n").utf8) { path in
      let (journal, _, trials) = try Journal.resume(
        path: path, header: TuningSamples.header(tuning.request))
      let result = try TuningSamples.tuner(tuning.request, journal: journal, recorded: trials)
        .tune()
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(try RecordedTuning.replay(Data(text.utf8), tuning.request) == result.schedule)
      #expect(text.split(separator: "\n").count { $0.contains("in_network") } == (isSame ? 1 : 2))
    }
  }

  /// A race that was allowed more time than usual is allowed it when it is continued.
  @Test func theTimeOfARaceIsKept() throws {
    let tuning = try RecordedTuning()
    try Fixtures.withFile(tuning.journal) { path in
      let races = try Journal.read(path: path).trials.races.filter { $0.key != "whole network" }
      #expect(!races.isEmpty && races.values.allSatisfy { ($0.seconds ?? 0) > 0 })
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
