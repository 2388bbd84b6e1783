/// Groups of samples that were taken close together, and so share what slowed them.
///
/// A shared machine is slow or fast for longer than a block lasts, so samples of one moment resemble each other,
/// and an interval that takes them for independent is too narrow. The medians of passes that are spread over
/// the whole measurement depend on each other far less; simulations call this the method of batch means.
public enum Passes {
  /// How many a measurement has: 95 % is reached with six, and with nine where a dozen comparisons are to hold
  /// together, so that most intervals leave out the ends. Beyond ten to thirty batches, intervals gain nothing
  /// (Schmeiser, Operations Research 30(3), 1982, doi:10.1287/opre.30.3.556), while each pass has to warm up again.
  public static let count = 12

  /// Divides a series of consecutive samples into `count` parts as equal as can be; with fewer samples, each
  /// is a part of its own.
  public static func consecutive(samples: Int) -> [Range<Int>] {
    let parts = min(samples, count)
    return (0..<parts).map { samples * $0 / parts..<samples * ($0 + 1) / parts }
  }

  /// Consecutive samples in parts of the given sizes.
  ///
  /// - Returns: `nil` if the sizes are not those of so many samples.
  public static func groups(_ samples: [Double], sizes: [Int]) -> [[Double]]? {
    var rest = samples[...]
    var groups: [[Double]] = []
    for size in sizes {
      guard (0...rest.count).contains(size) else { return nil }
      groups.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return rest.isEmpty ? groups : nil
  }
}
