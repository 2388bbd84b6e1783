import DSMachine
import Foundation
import TestSupport
import Testing

/// Files that hwloc must not see, each with the sentence that says why.
@Suite struct TopologyFileTests {
  private static func machine(
    _ objects: String = pu, version: String? = "2.0", root: String = sets
  ) -> String {
    let attribute = version.map { " version=\"\($0)\"" } ?? ""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE topology SYSTEM "hwloc2.dtd">
      <topology\(attribute)>
        <object type="Machine" os_index="0" \(root)>
          \(objects)
        </object>
      </topology>

      """
  }

  private static let sets =
    #"cpuset="0x1" complete_cpuset="0x1" nodeset="0x1" complete_nodeset="0x1""#
  private static let pu =
    "<object type=\"NUMANode\" os_index=\"0\" \(sets)/><object type=\"PU\" os_index=\"0\" \(sets)/>"

  private func sentence(_ text: String) throws -> String {
    let file = try TemporaryFile(text)
    let error = #expect(throws: TopologyError.self, "\(text)") {
      try Topology(.xml(path: file.path))
    }
    let sentence = error?.description ?? ""
    #expect(sentence.contains(file.path) && !sentence.contains("\n"))
    return sentence
  }

  @Test func aFileWithoutFaultsIsRead() throws {
    for version in ["1.0", "2.0", "2.9", nil] as [String?] {
      let file = try TemporaryFile(Self.machine(version: version))
      #expect(try Topology(.xml(path: file.path)).cores.count == 1, "\(version ?? "none")")
    }
  }

  @Test func linesMayEndAsWindowsEndsThem() throws {
    let file = try TemporaryFile(Self.machine().replacing("\n", with: "\r\n"))
    #expect(try Topology(.xml(path: file.path)).cores.count == 1)
  }

  @Test(arguments: ["3.0", "3.1", "17.2"])
  func aNewerVersionIsNamed(version: String) throws {
    // What comes after may be spelled in any way.
    let sentence = try sentence(Self.machine("<new Thing='1'/>", version: version))
    #expect(sentence.contains("of hwloc \(version), and this program's hwloc 2."), "\(sentence)")
    #expect(sentence.contains("reads those of 1.x and 2.x; export it with"), "\(sentence)")
  }

  @Test func anOlderVersionIsNamed() throws {
    let sentence = try sentence("<root><object type=\"Machine\"/></root>")
    #expect(sentence.contains("of hwloc 0.9, and"), "\(sentence)")
  }

  @Test func aNodeOfAnOldFileWithoutItsSetsIsNamed() throws {
    let path = Fixtures.path("topologies/hwloc-v1-no-complete_cpuset.xml")
    let error = #expect(throws: TopologyError.self) { try Topology(.xml(path: path)) }
    let found = error?.description ?? ""
    #expect(found.hasPrefix("\(path), line 4: NUMANode 0 has no complete_cpuset; "), "\(found)")
  }

  @Test(arguments: [
    (machine(version: "x"), "\"x\" is no version"),
    (machine(version: "2"), "\"2\" is no version"),
    (
      machine(root: sets.replacing("complete_nodeset=\"0x1\"", with: "")),
      "Machine 0 has no complete_nodeset"
    ),
    (machine(version: nil, root: "cpuset=\"0x1\""), "Machine 0 has no complete_cpuset"),
    (
      machine(pu.replacing("\"0x1\"", with: "\"many\"", maxReplacements: 1)),
      "cpuset \"many\" of NUMANode 0 is no set"
    ),
    (
      machine(pu.replacing("\"0x1\"", with: "\"\"", maxReplacements: 1)),
      "cpuset \"\" of NUMANode 0 is no set"
    ),
    (machine(pu.replacing("NUMANode", with: "Chiplet")), "no object of type \"Chiplet\""),
    (
      machine(pu.replacing("os_index=\"0\"", with: "os_index=\"4000000000\"", maxReplacements: 1)),
      "NUMANode 4000000000 has no os_index below 131072"
    ),
    (machine(pu.replacing("os_index=\"0\"", with: "")), "NUMANode has no os_index"),
    (machine(root: sets.replacing("\"0x1\"", with: "\"0x0\"")), "Machine 0 has no processors"),
    (
      machine(pu.replacing("complete_cpuset=\"0x1\"", with: "complete_cpuset=\"0x2\"")),
      "cpuset of NUMANode 0 is not inside of its complete_cpuset"
    ),
    (machine(pu.replacing("0x1", with: "0x2")), "NUMANode 0 is not in its own complete_nodeset"),
    // hwloc's parser reads no further than these.
    (
      machine(pu.replacing("os_index", with: "osIndex")),
      "<object> has an attribute that is none of hwloc's"
    ),
    (
      machine(pu.replacing("os_index=\"0\"", with: "name=\"a&apos;b\" os_index=\"0\"")),
      "name of <object> has an & that"
    ),
    (
      machine(pu.replacing("os_index=\"0\"", with: "name=\"a>b\" os_index=\"0\"")),
      "name of <object> has no end"
    ),
    (machine(pu.replacing("os_index=\"0\"", with: "os_index='0'")), "none of hwloc's"),
    (machine(pu + "<!-- a comment -->"), "<> where only one <topology> may be"),
    (machine() + machine(), "where only one <topology> may be"),
    (
      machine(
        "<distances nbobjs=\"4294967296\" relative_depth=\"1\" latency_base=\"1\"/>" + pu,
        version: nil), "<distances> of \"4294967296\" objects"
    ),
    (
      machine(pu.replacing("NUMANode", with: "Cache"), version: nil),
      "Cache 0 has no depth and cache_type"
    ),
    (machine(String(repeating: "<object type=\"Group\" \(sets)>", count: 200)), "nested too deep"),
  ])
  func aFaultIsNamed(text: String, words: String) throws {
    let found = try sentence(text)
    #expect(found.contains(words), "\(found)")
  }

  @Test func aZeroByteIsNoText() throws {
    #expect(try sentence(Self.machine() + "\u{0}").contains("a byte of zero"))
  }

  /// hwloc's parser would read it again, and a pipe has nothing then.
  @Test func aFileIsReadOnce() throws {
    try Fixtures.withTemporaryFolder { (folder) throws in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      Thread { try? Data(Self.machine().utf8).write(to: URL(filePath: path)) }.start()
      let topology = try Topology(.xml(path: path))
      #expect(topology.cores.count == 1)
    }
  }

  @Test func anEndlessFileIsRefused() {
    let error = #expect(throws: TopologyError.self) { try Topology(.xml(path: "/dev/zero")) }
    #expect(error?.description.contains("more than 64 MiB") == true)
  }
}
