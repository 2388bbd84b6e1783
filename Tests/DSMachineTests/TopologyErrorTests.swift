import DSMachine
import Foundation
import TestSupport
import Testing

@Suite struct TopologyErrorTests {
  @Test(arguments: ["/nonexistent/machine.xml", "/", "", "-"])
  func unreadablePathIsNamed(_ path: String) {
    let error = #expect(throws: TopologyError.self) { try Topology(.xml(path: path)) }
    #expect(error?.description.contains(path) == true || path.isEmpty)
  }

  @Test(arguments: [
    "", "not xml", "<?xml version=\"1.0\"?><topology", "<topology version=\"2.0\"></topology>",
    "<?xml version=\"1.0\"?><other/>", "\u{0}\u{1}\u{2}",
    """
    <topology version="2.0"><object type="Machine" os_index="0" cpuset="0x0" complete_cpuset="0x0" \
    allowed_cpuset="0x0" nodeset="0x1" complete_nodeset="0x1" allowed_nodeset="0x1">
    </object></topology>
    """,
  ])
  func brokenFileIsRefused(_ text: String) throws {
    let file = try TemporaryFile(text)
    let error = #expect(throws: TopologyError.self) { try Topology(.xml(path: file.path)) }
    #expect(error?.description.contains(file.path) == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test(.enabled(if: RealMachines.folder != nil), arguments: [10, 500, 5_000, 12_000])
  func truncatedFileIsRefused(_ length: Int) throws {
    let path = try #require(RealMachines.path("Intel-RaptorLake-Corei7-1370P.xml"))
    let file = try TemporaryFile(Data(contentsOf: URL(filePath: path)).prefix(length))
    let error = #expect(throws: TopologyError.self) { try Topology(.xml(path: file.path)) }
    #expect(error?.description.contains("\(file.path), line ") == true)
  }

  /// hwloc 2.9 crashes on these.
  @Test(
    .enabled(if: RealMachines.folder != nil),
    arguments: [
      " complete_cpuset=", " nodeset=", " complete_nodeset=", " cpuset=", " type=",
    ])
  func objectsWithoutAnAttributeAreRefused(_ attribute: String) throws {
    let path = try #require(RealMachines.path("16em64t-4s2c2t-offlines.xml"))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let cache = try #require(text.range(of: "<object type=\"L2Cache\""))
    let file = try TemporaryFile(
      text.replacing(
        attribute, with: " other=", subrange: cache.lowerBound..<text.endIndex,
        maxReplacements: 1))
    #expect(throws: TopologyError.self) { try Topology(.xml(path: file.path)) }
  }

  /// hwloc 2.9 ends the process where a set begins with a comma, though it writes "0xf...f,,0x1" itself.
  @Test(arguments: [",,0x00000001", ",", "0xf...f,,0x00000001"])
  func setsThatBeginWithACommaAreRefused(_ set: String) throws {
    let text = try String(
      contentsOfFile: Fixtures.path("../Fuzz/Seeds/topology/one.xml"), encoding: .utf8)
    let range = try #require(text.range(of: " nodeset=\"0x00000001\"", options: .backwards))
    let file = try TemporaryFile(text.replacingCharacters(in: range, with: " nodeset=\"\(set)\""))
    #expect(throws: TopologyError.self) { try Topology(.xml(path: file.path)) }
    let whole = try TemporaryFile(text)
    #expect(throws: Never.self) { try Topology(.xml(path: whole.path)) }
  }

  @Test(arguments: ["", "rubbish", "core:0 pu:1", "core:2", "core:-1 pu:1", "pu:99999999999"])
  func badNotationIsRefused(_ notation: String) {
    #expect(throws: TopologyError.badNotation(notation)) { try Topology(.synthetic(notation)) }
  }
}
