import CSystem

/// The words that this program was started with.
public enum ProgramArguments {
  /// Without the program's own name. As `main` got them: `CommandLine` reads them from /proc, and has none where that is not
  /// mounted.
  public static let words: [String] = (0..<cs_argument_count()).compactMap { index in
    cs_argument(index).map { String(cString: $0) }
  }.dropFirst().map(\.self)
}
