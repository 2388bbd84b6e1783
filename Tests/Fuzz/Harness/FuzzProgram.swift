import CFuzzer
import Glibc

/// A program that fuzzes one of several readers: `PROGRAM READER [libFuzzer's options and folders]`, or
/// `PROGRAM --list` for the readers' names.
package enum FuzzProgram {
  /// What libFuzzer calls knows no context, so there is one reader a process.
  nonisolated(unsafe) private static var read: (UnsafeRawBufferPointer) -> Void = { _ in }

  package static func main(_ readers: [FuzzedReader]) -> Never {
    let words = CommandLine.arguments
    if words.dropFirst().first == "--list" {
      for reader in readers { print(reader.name) }
      exit(0)
    }
    guard let name = words.dropFirst().first, let reader = readers.first(where: { $0.name == name })
    else {
      print("readers: \(readers.map(\.name).joined(separator: ", "))")
      exit(2)
    }
    read = reader.read
    exit(run([words[0], "-max_len=\(reader.mostBytes)"] + words.dropFirst(2)))
  }

  private static func run(_ words: [String]) -> Int32 {
    var pointers = words.map { strdup($0) } + [nil]
    return cf_run(Int32(words.count), &pointers) { bytes, count in
      FuzzProgram.read(UnsafeRawBufferPointer(start: bytes, count: count))
      return 0
    }
  }
}
