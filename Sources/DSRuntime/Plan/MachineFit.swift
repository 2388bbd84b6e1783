import DSCore
import DSSchedule

/// Whether what a schedule was measured on is what it would run on.
///
/// Another CPU model, or one that nothing names, makes every entry foreign. Another topology keeps the entries whose used resources
/// are the same: a problem bound by L2 does not mind a smaller L3.
struct MachineFit {
  private let sameCPU: Bool
  private let isKnownCPU: Bool
  private let sameTopology: Bool
  private let made: [String: String]
  private let here: [String: String]
  private let madeCPU: String
  private let cpu: String

  init(_ identity: MachineIdentity, _ machine: MachineDescription) {
    madeCPU = identity.cpu
    cpu = machine.cpu
    isKnownCPU = !machine.cpu.hasPrefix(ProcessorInformation.unknown + "/")
    sameCPU = isKnownCPU && identity.cpu == machine.cpu
    sameTopology = identity.topology == machine.topologySignature
    made = Self.resources(identity.topology)
    here = Self.resources(machine.topologySignature)
  }

  var notices: [String] {
    if !isKnownCPU {
      return [
        "this CPU does not say what it is, so nothing measured on a CPU (\(madeCPU)) is taken for it"
      ]
    }
    if !sameCPU { return ["the schedule was made for CPU \(madeCPU), this one is \(cpu)"] }
    if !sameTopology {
      let names = Set(made.keys).union(here.keys).sorted()
      let differences = names.filter { made[$0] != here[$0] }
        .map { "\($0) was \(made[$0] ?? "absent"), is \(here[$0] ?? "absent")" }
      return ["the machine's topology is another: " + differences.joined(separator: "; ")]
    }
    return []
  }

  /// Why an entry should not be used here, or `nil`.
  func mismatch(of entry: ScheduleEntry) -> String? {
    if !isKnownCPU { return "it was measured on \(madeCPU), and what this CPU is is not known" }
    if !sameCPU { return "it was measured on another CPU (\(madeCPU))" }
    if sameTopology { return nil }
    let staysInside = entry.bound.map { ["l1", "l2", "fma"].contains($0.lowercased()) } ?? false
    let used = ["l1d", "l2"] + (staysInside ? [] : ["l3"])
    guard let changed = used.first(where: { made[$0] != here[$0] }) else { return nil }
    return
      "it uses \(changed), which was \(made[changed] ?? "absent") and is \(here[changed] ?? "absent")"
  }

  /// "l2:1M" → ["l2": "1M"].
  private static func resources(_ signature: String) -> [String: String] {
    var result: [String: String] = [:]
    for word in signature.split(separator: " ") {
      let parts = word.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
    }
    return result
  }
}
