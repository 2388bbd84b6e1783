import CSystem
import DSCore
import Glibc

/// What this program was made from, as far as it can find out.
enum BuildIdentity {
  static let compiler: String = {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #elseif compiler(>=6.3.1)
      "Swift 6.3.1"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }()

  /// The commit checked out in the source tree that the program lies in; "unknown" once it is installed.
  static let commit: String = {
    let started = cs_program_path().map { String(cString: $0) }
    // The second is there without /proc.
    let program = FileTarget.realPath("/proc/self/exe") ?? started.flatMap(FileTarget.realPath)
    guard var folder = program else { return "unknown" }
    while let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
      if let commit = head(ofRepositoryAt: folder) { return String(commit.prefix(12)) }
    }
    return "unknown"
  }()

  private static func head(ofRepositoryAt folder: String) -> String? {
    // In a second working tree `.git` is a file that says where the folder is.
    var metadata = folder + "/.git"
    if let pointer = SystemFile.text(metadata), pointer.hasPrefix("gitdir: ") {
      metadata = String(pointer.dropFirst(8))
    }
    guard let head = SystemFile.text(metadata + "/HEAD") else { return nil }
    guard head.hasPrefix("ref: ") else { return head }
    let name = String(head.dropFirst(5))
    let common = SystemFile.text(metadata + "/commondir").map { "\(metadata)/\($0)" } ?? metadata
    return SystemFile.text("\(common)/\(name)") ?? packed(name, in: "\(common)/packed-refs")
  }

  private static func packed(_ name: String, in path: String) -> String? {
    let lines = (SystemFile.text(path) ?? "").split(separator: "\n")
    return lines.first { $0.hasSuffix(" " + name) }.map { String($0.prefix(40)) }
  }
}
