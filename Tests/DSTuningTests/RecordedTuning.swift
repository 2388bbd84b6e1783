import DSCore
import DSNetworks
import DSSchedule
import DSTuning
import Foundation
import TestSupport

/// A tuning of the tiny network that ran to its end, with its journal's bytes.
struct RecordedTuning {
  let request: TuningRequest
  let result: TuningResult
  let journal: Data

  init(workers: Int = 1) throws {
    let request = TuningSamples.request(try TuningSamples.tinyNetwork(), workers: workers)
    self.request = request
    (result, journal) = try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      let journal = try Journal.create(
        path: path, header: TuningSamples.header(request))
      let result = try TuningSamples.tuner(request, journal: journal).tune()
      return (result, try Data(contentsOf: URL(filePath: path)))
    }
  }

  static func lines(_ data: Data) -> [Data] { data.split(separator: UInt8(ascii: "\n")) }

  /// Decides a journal's trials again.
  static func replay(_ data: Data, _ request: TuningRequest) throws -> Schedule {
    try Fixtures.withFile(data) { path in
      let (header, trials, _) = try Journal.read(path: path)
      var request = request
      request.isReplay = true
      return try Tuner(
        request, machine: header.restoring(TuningSamples.machine), declared: TuningSamples.machine,
        patterns: header.patterns, recorded: trials
      ).tune().schedule
    }
  }
}
