import Glibc

/// Where a topology comes from.
public enum TopologySource: Hashable, Sendable {
  /// The machine the process runs on.
  case live
  /// A file that `lstopo --of xml` or `Topology.exportXML()` wrote, of any machine.
  case xml(path: String)
  /// A machine in hwloc's synthetic notation, such as "pack:2 l3:4 l2:8 core:1 pu:2".
  case synthetic(String)

  /// The source that hwloc's own variables ask for, `HWLOC_SYNTHETIC` before `HWLOC_XMLFILE` as in
  /// hwloc; the live machine where neither is set.
  public static func fromEnvironment(
    _ variable: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
  ) -> TopologySource {
    if let notation = variable("HWLOC_SYNTHETIC"), !notation.isEmpty { return .synthetic(notation) }
    if let path = variable("HWLOC_XMLFILE"), !path.isEmpty { return .xml(path: path) }
    return .live
  }
}

extension TopologySource: CustomStringConvertible {
  public var description: String {
    switch self {
    case .live: "this machine"
    case .xml(let path): path
    case .synthetic(let notation): "synthetic \"\(notation)\""
    }
  }
}
