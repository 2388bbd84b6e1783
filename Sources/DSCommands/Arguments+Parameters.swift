import DSCommandLine

extension Arguments {
  /// Kernel parameters by name, from words such as "columns=7" or, as tables have them, "columns:7".
  ///
  /// - Parameter flag: of the kind `strings`.
  /// - Returns: `nil` where the flag is not given.
  /// - Throws: `UsageError` for a word that is neither.
  public func kernelParameters(_ flag: String) throws -> [String: Int]? {
    guard let words = strings(flag) else { return nil }
    var values: [String: Int] = [:]
    for word in words {
      let parts = word.split(omittingEmptySubsequences: false) { $0 == "=" || $0 == ":" }
      guard parts.count == 2, !parts[0].isEmpty, let value = Int(parts[1]) else {
        throw usageError(
          "--\(flag) takes NAME=VALUE,… such as rows=4,columns=7, not \(quoted(word))")
      }
      values[String(parts[0])] = value
    }
    return values
  }
}
