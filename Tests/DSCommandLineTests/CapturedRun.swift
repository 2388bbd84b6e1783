import DSCommandLine
import Glibc

/// A program run in this process with its two outputs kept.
struct CapturedRun {
  let code: ExitCode
  let output: String
  let talk: String

  init(
    _ command: Command, _ words: [String], environment: [String: String] = ["LANG": "C.UTF-8"]
  ) throws {
    let outputFile = try TemporaryFile()
    let talkFile = try TemporaryFile()
    let console = Console(
      program: command.name, outputDescriptor: outputFile.descriptor,
      talkDescriptor: talkFile.descriptor, environment: { environment[$0] })
    code = CommandRunner.main(
      command, version: { "\(command.name) 1.2.3\nbuilt for tests" }, arguments: words,
      console: console)
    output = outputFile.text
    talk = talkFile.text
  }
}

/// A file that is gone when the last reference is.
final class TemporaryFile {
  struct CannotCreate: Error {}

  let descriptor: Int32
  let path: String

  init() throws {
    var template = Array("/tmp/dstune-tests-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard descriptor >= 0 else { throw CannotCreate() }
  }

  deinit {
    close(descriptor)
    unlink(path)
  }

  var text: String { TextFile.read(path) ?? "" }
}

enum TextFile {
  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func write(_ text: String, to path: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    let written = fputs(text, file)
    return fclose(file) == 0 && written >= 0
  }
}
