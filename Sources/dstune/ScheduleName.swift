import DSCore
import DSMachine
import DSNetworks
import DSTuning

/// The file that a tuning writes by default: the network's name, and whatever differs from the usual, so
/// that another width or number of threads does not replace what was tuned before.
struct ScheduleName {
  let path: String

  /// - Parameter model: as given with `--model`.
  init(_ request: TuningRequest, model: String?, topology: Topology) {
    let network = request.network
    var parts = [network.name]
    if network.width != 1 { parts.append("w\(network.width)") }
    let usual = try? Network(model: model ?? network.name)
    if let usual, usual.resolution != network.resolution { parts.append("r\(network.resolution)") }
    if network.batch != 1 { parts.append("b\(network.batch)") }
    if request.workers != topology.cores.count { parts.append("t\(request.workers)") }
    if request.instructionSet < topology.description.instructionSet {
      parts.append(request.instructionSet.rawValue)
    }
    let shard = request.shard.map { ".shard-\($0.index)" } ?? ""
    path = FileName.derived(from: parts.joined(separator: "-") + shard, suffix: ".schedule.json")
  }
}
