/// Why a topology could not be had.
public enum TopologyError: Error, Hashable, Sendable {
  case unreadable(path: String, reason: String)
  case malformed(path: String, line: Int, problem: String)
  case notATopology(path: String)
  /// Written by a version of hwloc whose files the one in use does not read.
  case unknownVersion(path: String, version: String, library: String)
  case badNotation(String)
  /// hwloc could not look at this machine.
  case discovery(reason: String)
  case noProcessors(TopologySource)
  case export(reason: String)
}

extension TopologyError: CustomStringConvertible {
  /// - Parameter library: the version of the hwloc in use, "2.8".
  private static func versionSentence(_ path: String, version: String, library: String) -> String {
    let major = library.split(separator: ".").first.flatMap { Int($0) } ?? 1
    let readable = (1...max(1, major)).map { "\($0).x" }.joined(separator: " and ")
    return
      "\(path) is a file of hwloc \(version), and this program's hwloc \(major).x reads those of "
      + "\(readable); export it with `lstopo --of xml --export-xml-flags v2`, or with an lstopo of "
      + "hwloc \(major).x"
  }

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the topology \(path): \(reason); check the path (HWLOC_XMLFILE names it)"
    case .malformed(let path, let line, let problem):
      "\(path), line \(line): \(problem); export the machine again with `lstopo --of xml`"
    case .notATopology(let path):
      "\(path) is no hwloc topology; make one with `lstopo --of xml \(path)`"
    case .unknownVersion(let path, let version, let library):
      Self.versionSentence(path, version: version, library: library)
    case .badNotation(let notation):
      "\"\(notation)\" is no synthetic topology; write one like \"pack:1 l3:2 l2:4 core:1 pu:2\""
    case .discovery(let reason):
      "hwloc cannot discover this machine: \(reason); point HWLOC_XMLFILE at an export of it"
    case .noProcessors(let source):
      "\(source) has no processor that this process may use; widen its CPU affinity or cpuset"
    case .export(let reason):
      "hwloc cannot export the topology: \(reason)"
    }
  }
}
