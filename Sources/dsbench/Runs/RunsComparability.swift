import DSCommandLine

/// Whether two saved files may be compared: what they say of where, with what and of what they were measured.
struct RunsComparability {
  /// A sentence for each field in which the files have nothing in common: "threads is '1' in the first and '2' in the second".
  let differences: [String]
  /// Fields that a row must share with the one it is compared with.
  let shared: [String]
  /// Fields that one of the files does not have, so that nobody knows.
  let missing: [String]

  init(_ before: SavedFile, _ after: SavedFile) {
    var (differences, shared, missing): ([String], [String], [String]) = ([], [], [])
    for field in ComparedField.names where before.knows(field) || after.knows(field) {
      guard let first = before.values(of: field), let second = after.values(of: field) else {
        missing.append(field)
        continue
      }
      if first.isDisjoint(with: second) {
        differences.append(
          "\(field) is \(Self.listed(first)) in the first and \(Self.listed(second)) in the second")
      } else {
        shared.append(field)
      }
    }
    // Records of before there was any context.
    missing += ComparedField.ofContext.map(\.name).filter { field in
      !before.knows(field) && !after.knows(field)
    }
    if missing.contains("context.cpu"), let sentence = Self.peaksApart(before, after) {
      differences.append(sentence)
    }
    (self.differences, self.shared, self.missing) = (differences, shared, missing)
  }

  /// Records without context may still show that their machines differ, by what these reached.
  private static let mostPeakRatio = 1.5

  private static func peaksApart(_ before: SavedFile, _ after: SavedFile) -> String? {
    let peaks = [before, after].compactMap { $0.rows.compactMap(\.peakGigaflops).max() }
    guard let least = peaks.min(), let most = peaks.max(), peaks.count == 2, least > 0,
      most > mostPeakRatio * least
    else { return nil }
    func shown(_ peak: Double) -> String { Quantity.fixed(peak, decimals: 1) }
    return "peak_gflops is \(shown(peaks[0])) in the first and \(shown(peaks[1])) in the second, "
      + "as of different machines"
  }

  private static func listed(_ values: Set<String>) -> String {
    values.sorted().map { quoted($0) }.joined(separator: ", ")
  }
}
