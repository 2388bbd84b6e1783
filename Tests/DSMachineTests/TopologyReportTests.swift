import DSMachine
import Foundation
import Testing

@Suite struct TopologyReportTests {
  @Test(arguments: CoreSetTests.sources)
  func everyMachineHasAReportThatSurvivesJSON(_ source: TopologySource) throws {
    let report = TopologyReport(try Topology(source))
    let bytes = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(TopologyReport.self, from: bytes) == report)
    let text = report.text()
    for word in [report.signature, "core set", "allowed", report.cpu] {
      #expect(text.contains(word), "\(word) is missing in\n\(text)")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.last != " " })
  }

  @Test func textOfASmallMachine() throws {
    let topology = try Topology(
      .synthetic("pack:1 l3:1(size=8388608) l2:2(size=1048576) l1:1(size=32768) core:1 pu:2"))
    let text = TopologyReport(topology).text()
    let rows = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    for row in [
      "topology core:2 pu:2 l1d:32K l2:1M l3:8M/2 numa:1",
      "processors 0-3 (allowed)",
      "cores 2 in 1 package, 1 memory node, 1 L3 domain",
      "2 cores with 2 hardware threads",
      "L2 2 1 MiB 64 ? 1",
      "L3 1 8 MiB 64 ? 2",
      "2c/1pu/1xL3 2 0,2",
      "2c/2pu/1xL3 4 0-3",
    ] {
      #expect(rows.contains(row), "\(row) is missing in\n\(text)")
    }
  }

  @Test func measuredStandsBesideDeclared() throws {
    let topology = try Topology(.synthetic("pack:1 l3:1(size=33554432) core:2 pu:1"))
    var measurement = RoofMeasurement(processor: 0)
    measurement.levels = [.init(level: 3, declaredBytes: 32 << 20, measuredBytes: 4 << 20)]
    let report = TopologyReport(topology, measurement: measurement)
    #expect(report.caches.first { $0.level == 3 }?.measuredBytes == 4 << 20)
    #expect(report.warnings.contains { $0.contains("L3 is declared with 32 MiB") })
    #expect(report.text().contains("declared"))
    #expect(report.text().contains("4 MiB"))
  }
}
