import DSCommandLine

/// Ends the process; libFuzzer then writes the input to a file.
package func finding(_ sentence: @autoclosure () -> String) -> Never {
  preconditionFailure("finding: \(sentence())")
}

/// A finding unless `isTrue`.
@inline(__always)
package func expect(_ isTrue: Bool, _ sentence: @autoclosure () -> String) {
  if !isTrue { finding(sentence()) }
}

/// What is refused must be refused in words: one line, as commands print it.
package func expectSentence(_ error: some Error & CustomStringConvertible) {
  let text = error.description
  expect(!text.isEmpty, "an error without words: \(type(of: error))")
  // Nearly no sentence has one: it is cheaper to look.
  if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
    let shown = text.printable
    expect(!shown.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "control characters: \(shown)")
  }
}
