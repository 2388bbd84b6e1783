/// Finds what somebody probably meant.
public enum Spelling {
  /// The candidate nearest to the word, or `nil` where none is near: at most a third of the longer
  /// one's letters may differ, unless the word is the beginning of the candidate. The first of
  /// several equally near ones wins.
  public static func suggestion(
    for word: some StringProtocol, among candidates: some Sequence<String>
  ) -> String? {
    let letters = Array(word.lowercased())
    guard !letters.isEmpty else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let target = Array(candidate.lowercased())
      let isBeginning = letters.count >= 2 && target.starts(with: letters)
      let distance = isBeginning ? 1 : editDistance(letters, target)
      let limit = max(1, max(letters.count, target.count) / 3)
      if distance <= limit && distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// The words "; did you mean 'x'?", or nothing.
  static func question(
    _ word: some StringProtocol, among candidates: some Sequence<String>, prefix: String = ""
  ) -> String {
    suggestion(for: word, among: candidates).map { "; did you mean '\(prefix)\($0)'?" } ?? ""
  }

  /// Insertions, deletions, substitutions and swaps of neighbours between two words: the optimal
  /// string alignment distance, after Damerau, CACM 1964, doi:10.1145/363958.363994.
  package static func editDistance(_ source: [Character], _ target: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for row in 0..<source.count {
      var current = [row + 1]
      for column in 0..<target.count {
        let isSame = source[row] == target[column]
        var distance = min(
          last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
        if row > 0, column > 0, source[row] == target[column - 1],
          source[row - 1] == target[column]
        {
          distance = min(distance, beforeLast[column - 1] + 1)
        }
        current.append(distance)
      }
      (beforeLast, last) = (last, current)
    }
    return last[target.count]
  }
}

extension [String] {
  /// "a, b or c"
  func listed(before last: String) -> String {
    guard let final = self.last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " \(last) \(final)"
  }
}
