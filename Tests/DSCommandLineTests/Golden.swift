import Glibc
import Testing

/// Compares a text with a file in `Fixtures/`. With `DSTUNE_UPDATE_GOLDENS=1` in the environment the
/// file is rewritten instead, and `git diff` shows what changed.
func expectGolden(
  _ text: String, _ name: String, filePath: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = filePath.split(separator: "/").dropLast().joined(separator: "/")
  let path = "/\(folder)/Fixtures/\(name)"
  if getenv("DSTUNE_UPDATE_GOLDENS") != nil {
    #expect(TextFile.write(text, to: path), sourceLocation: sourceLocation)
    return
  }
  let golden = TextFile.read(path)
  #expect(text == golden, "differs from Fixtures/\(name)", sourceLocation: sourceLocation)
}
