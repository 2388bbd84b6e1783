import DSMachine
import FuzzHarness

extension FuzzedReader {
  /// hwloc's XML, by way of a file in memory.
  static let topology = FuzzedReader("topology", mostBytes: 4096) { bytes in
    file.hold(bytes)
    do throws(TopologyError) {
      let topology = try Topology(.xml(path: file.path))
      expect(!topology.cores.isEmpty, "accepted without a core")
      expect(!topology.isThisSystem, "taken for this machine")
      for (index, core) in topology.cores.enumerated() {
        expect(core.logicalIndex == index, "core \(index) says \(core.logicalIndex)")
        expect(!core.operatingSystemProcessors.isEmpty, "core \(index) has no processor")
      }
      for cache in topology.caches {
        expect(cache.cores.allSatisfy(topology.cores.indices.contains), "cores of \(cache)")
        expect(cache.byteCount >= 0 && cache.lineBytes >= 0, "sizes of \(cache)")
      }
      expect(topology.description.cores == topology.cores.count, "another number of cores")
      expectAgain(topology)
    } catch {
      expectSentence(error)
    }
  }

  /// What is exported reads again to the same.
  private static func expectAgain(_ topology: Topology) {
    guard let text = try? topology.exportXML() else { return }
    Array(text.utf8).withUnsafeBytes { file.hold($0) }
    guard let again = try? Topology(.xml(path: file.path)) else {
      finding("what was exported is refused: \(text)")
    }
    expect(
      again.cores == topology.cores && again.caches == topology.caches
        && again.numaNodes == topology.numaNodes, "exported, it reads otherwise: \(text)")
  }

  private static let file = MemoryFile()
}
