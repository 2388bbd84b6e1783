import DSMachine
import Foundation
import TestSupport
import Testing

/// Whatever a file says, hwloc must not crash on it. `DSTUNE_TOPOLOGY_DAMAGE=100000` damages so many files of each machine
/// instead of a few, from the seed `DSTUNE_TOPOLOGY_SEED` on.
@Suite struct TopologyDamageTests {
  private static let small = """
    <?xml version="1.0" encoding="UTF-8"?>
    <topology>
      <object type="Machine" os_index="0" cpuset="0xf" complete_cpuset="0xf" online_cpuset="0xf" allowed_cpuset="0xf" \
    nodeset="0x3" complete_nodeset="0x3" allowed_nodeset="0x3">
        <info name="Architecture" value="x86_64"/>
        <distances nbobjs="2" relative_depth="1" latency_base="10.000000"><latency value="1.0"/><latency value="2.0"/>\
    <latency value="2.0"/><latency value="1.0"/></distances>
        <object type="NUMANode" os_index="0" cpuset="0x3" complete_cpuset="0x3" nodeset="0x1" complete_nodeset="0x1" \
    local_memory="1024">
          <page_type size="4096" count="10"/>
          <object type="Cache" os_index="0" cpuset="0x3" complete_cpuset="0x3" nodeset="0x1" complete_nodeset="0x1" \
    cache_size="1024" depth="2" cache_linesize="64" cache_associativity="8" cache_type="0">
            <object type="PU" os_index="0" cpuset="0x1" complete_cpuset="0x1" nodeset="0x1" complete_nodeset="0x1"/>
            <object type="PU" os_index="1" cpuset="0x2" complete_cpuset="0x2" nodeset="0x1" complete_nodeset="0x1"/>
          </object>
        </object>
        <object type="NUMANode" os_index="1" cpuset="0xc" complete_cpuset="0xc" nodeset="0x2" complete_nodeset="0x2">
          <object type="PU" os_index="2" cpuset="0x4" complete_cpuset="0x4" nodeset="0x2" complete_nodeset="0x2"/>
          <object type="PU" os_index="3" cpuset="0x8" complete_cpuset="0x8" nodeset="0x2" complete_nodeset="0x2"/>
        </object>
      </object>
    </topology>

    """

  private static func number(_ variable: String) -> Int? {
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
  }

  /// The file that was being read is left behind where the process ends.
  @Test func noDamagedFileEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(7)) {
      var files = [
        Array(Self.small.utf8),
        Array(Self.small.replacing("<topology>", with: "<topology version=\"2.0\">").utf8),
        Array(try Fixtures.data("topologies/hwloc-v1-no-complete_cpuset.xml")),
      ]
      if let folder = RealMachines.folder {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix(".xml") {
          files.append(Array(try Data(contentsOf: folder.appending(path: name))))
        }
      }
      let path = FileManager.default.temporaryDirectory.appending(path: "dstune-damaged.xml")
      var readable = 0
      let seed = Self.number("DSTUNE_TOPOLOGY_SEED") ?? 1
      for (index, file) in files.enumerated() {
        let count = Self.number("DSTUNE_TOPOLOGY_DAMAGE") ?? (index < 3 ? 400 : 25)
        for round in seed..<(seed + count) {
          var damage = XMLDamage(seed: UInt64(round))
          try Data(damage.damaged(file)).write(to: path)
          if (try? Topology(.xml(path: path.path))) != nil { readable += 1 }
        }
      }
      try FileManager.default.removeItem(at: path)
      // Damage is not always fatal, or nothing would get past the check.
      exit(readable > 0 ? 7 : 2)
    }
  }
}
