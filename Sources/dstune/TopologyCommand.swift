import DSCommandLine
import DSCommands
import DSMachine
import DSMeasurement
import DSTuning
import FoundationEssentials

/// `dstune topology`: what was understood of the machine, declared beside measured.
enum TopologyCommand {
  static let command = Command(
    "topology", summary: "Print what is known of this machine's cores and caches",
    examples: [
      .init("dstune topology", "This machine, its caches measured too"),
      .init("HWLOC_XMLFILE=other.xml dstune topology", "Another machine, from lstopo's export"),
    ],
    flags: [
      Flag("no-probe", category: "Output", summary: "Do not measure caches and rates"),
      SharedFlags.format(["md", "json"]),
    ]
  ) { arguments, console in
    let topology: Topology
    do {
      topology = try Topology(TopologySource.fromEnvironment())
    } catch {
      throw CommandFailure(.unreadableInput, "\(error)")
    }
    if topology.isThisSystem && !arguments.flag("no-probe") {
      do throws(ClockDefect) {
        try Clock.monotonic.expectFit()
      } catch {
        throw CommandFailure(.machineCannot, error.description, hint: "or add --no-probe")
      }
    }
    let measurement =
      topology.isThisSystem && !arguments.flag("no-probe")
      ? MeasuredMachine(topology: topology).measurement : nil
    let report = TopologyReport(topology, measurement: measurement)
    if arguments.string("format") == "json" {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let data = try encoder.encode(report)
      try console.print(String(decoding: data, as: UTF8.self))
    } else {
      try console.write(report.text())
    }
    for sentence in measurement?.disagreements ?? [] { console.warning(sentence) }
    return .ok
  }
}
