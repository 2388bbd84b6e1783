import CHwloc
import DSCore
import Glibc

/// Owns a loaded `hwloc_topology_t`.
///
/// Unchecked sendability: hwloc allows any number of threads to read a topology that is loaded and
/// no longer changed, and nothing here changes it.
struct TopologyHandle: ~Copyable, @unchecked Sendable {
  let pointer: hwloc_topology_t

  static func load(_ source: TopologySource) throws(TopologyError) -> TopologyHandle {
    var created: hwloc_topology_t?
    guard hwloc_topology_init(&created) == 0, let created else {
      throw .discovery(reason: reason(errno))
    }
    let handle = TopologyHandle(pointer: created)
    try handle.select(source)
    handle.keepOnlyWhatMatters()
    guard hwloc_topology_load(handle.pointer) == 0 else {
      throw refusal(of: source, reason: reason(errno))
    }
    return handle
  }

  private init(pointer: hwloc_topology_t) { self.pointer = pointer }

  deinit { hwloc_topology_destroy(pointer) }

  private func select(_ source: TopologySource) throws(TopologyError) {
    switch source {
    case .live: break
    case .xml(let path):
      let bytes = try Self.checkedBytes(path)
      Self.preferOwnParser
      let code = bytes.withUnsafeBufferPointer {
        hwloc_topology_set_xmlbuffer(pointer, $0.baseAddress, Int32($0.count))
      }
      guard code == 0 else { throw .notATopology(path: path) }
    case .synthetic(let notation):
      guard hwloc_topology_set_synthetic(pointer, notation) == 0 else {
        throw .badNotation(notation)
      }
    }
  }

  /// Devices and instruction caches cost seconds on large machines and decide nothing here. The
  /// binding stays untouched, so discovery never visits every processor to ask its CPUID.
  private func keepOnlyWhatMatters() {
    hwloc_topology_set_io_types_filter(pointer, HWLOC_TYPE_FILTER_KEEP_NONE)
    hwloc_topology_set_icache_types_filter(pointer, HWLOC_TYPE_FILTER_KEEP_NONE)
    hwloc_topology_set_type_filter(pointer, HWLOC_OBJ_MISC, HWLOC_TYPE_FILTER_KEEP_NONE)
    hwloc_topology_set_flags(
      pointer,
      UInt(HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING.rawValue)
        | UInt(HWLOC_TOPOLOGY_FLAG_NO_DISTANCES.rawValue)
        | UInt(HWLOC_TOPOLOGY_FLAG_NO_MEMATTRS.rawValue))
  }

  /// libxml, hwloc's other parser, writes its complaints to standard error before we can say
  /// what is wrong. hwloc listens to nothing but this variable; a user's own choice stays.
  private static let preferOwnParser: Void = {
    _ = setenv("HWLOC_LIBXML_IMPORT", "0", 0)
  }()

  /// A file's text with a zero behind it. hwloc says only "invalid argument", and of some files nothing at all before it
  /// crashes. It gets what was checked, as the file may be another one the next time.
  private static func checkedBytes(_ path: String) throws(TopologyError) -> [CChar] {
    var bytes: [UInt8]
    switch SystemFile.bytes(path, mostBytes: TopologyFile.mostBytes) {
    case .success(let contents): bytes = contents
    case .failure(let failure): throw .unreadable(path: path, reason: reason(failure.code))
    }
    guard bytes.count <= TopologyFile.mostBytes else {
      throw .unreadable(
        path: path, reason: "it has more than \(TopologyFile.mostBytes >> 20) MiB")
    }
    // Lines that end as Windows ends them; hwloc's parser knows no carriage return.
    bytes.removeAll { $0 == UInt8(ascii: "\r") }
    let library = TopologyVersion.library
    let version: TopologyVersion
    do throws(TopologyFile.Problem) {
      version = try TopologyFile.check(bytes, for: library)
    } catch {
      throw .malformed(path: path, line: error.line, problem: error.sentence)
    }
    guard version.isReadable(by: library) else {
      throw .unknownVersion(path: path, version: "\(version)", library: "\(library)")
    }
    return bytes.map { CChar(bitPattern: $0) } + [0]
  }

  private static func refusal(of source: TopologySource, reason: String) -> TopologyError {
    switch source {
    case .live: .discovery(reason: reason)
    case .xml(let path): .notATopology(path: path)
    case .synthetic(let notation): .badNotation(notation)
    }
  }

  static func reason(_ code: Int32) -> String { SystemReason.words(code) }
}
