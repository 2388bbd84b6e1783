import DSSchedule

/// What was decided inside the network, and of which plans: other winners' steps took other times.
public struct InNetworkRecord: Sendable, Hashable {
  /// Fingerprints of the plans that were measured; empty in journals from before they were kept.
  public let plans: [String]
  /// One for each `NetworkProfile.Caution`, the most cautious first.
  public let choices: [InNetworkChoice]

  init(plans: [String], choices: [InNetworkChoice]) {
    self.plans = plans
    self.choices = choices
  }

  var journal: JSONValue {
    .object([
      "in_network": .array(choices.map(\.journal)), "plans": .array(plans.map(JSONValue.string)),
    ])
  }

  init?(journal object: [String: JSONValue]) {
    guard case .array(let choices)? = object["in_network"] else { return nil }
    var plans: [String] = []
    if case .array(let names)? = object["plans"] {
      for case .string(let name) in names { plans.append(name) }
    }
    self.init(plans: plans, choices: choices.compactMap(InNetworkChoice.init(journal:)))
  }
}
