import DSCommandLine
import Glibc

/// A file that will be written at the end of a long run.
struct AtomicPath {
  let path: String

  init(_ path: String) { self.path = path }

  /// Finds out before the work what would make it be lost after it.
  func checkWritable() throws(CommandFailure) {
    var status = stat()
    if stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR {
      throw CommandFailure(.machineCannot, "\(path): is a folder; name a file with --output")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    if access(folder, W_OK) != 0 {
      throw CommandFailure(
        .machineCannot,
        "\(path): cannot be written: \(String(cString: strerror(errno)))",
        hint: "choose another place with --output")
    }
  }
}
