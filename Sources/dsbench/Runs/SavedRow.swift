import DSMeasurement
import DSSchedule

/// One thing measured in a saved result file: a kernel on a problem, a layer, or a whole network.
struct SavedRow {
  /// What it is, for people.
  let name: String
  /// What it is, apart from its conditions.
  let key: String
  /// What has to be the same in the row it is compared with, by `ComparedField.name`.
  var conditions: [String: String] = [:]
  /// `nil` where the file says that it is undecided.
  let microseconds: Double?
  /// The interval in which another run's median is expected; `nil` where the file kept no samples.
  let interval: MedianInterval?
  /// Medians of the passes, or of as many parts of a series without passes; empty where the file kept no samples.
  let passNanoseconds: [Double]
  /// What its machine reached meanwhile by multiply-adds alone, in GFLOP/s; `nil` where the file does not say.
  var peakGigaflops: Double?
  /// Whether what it was measured with was itself known no better than to a factor of two.
  var isOfUndecided = false

  /// - Parameters:
  ///   - samples: nanoseconds a run.
  ///   - passes: how many of the samples are of each; `nil` where the file does not say.
  init(
    name: String, key: String, microseconds: Double?, samples: [Double] = [], passes: [Int]? = nil
  ) {
    self.name = name
    self.key = key
    self.microseconds = microseconds
    let groups =
      passes.flatMap { Passes.groups(samples, sizes: $0) }
      ?? Passes.consecutive(samples: samples.count).map { Array(samples[$0]) }
    passNanoseconds = groups.compactMap { SortedSample($0)?.median }
    interval = MedianInterval(runToRunTimes: groups.map { $0.map { $0 / 1000 } })
  }

  /// Whether its time is no time to go by.
  var isUndecided: Bool {
    microseconds == nil || isOfUndecided || interval?.isTooWide == true
  }
}
