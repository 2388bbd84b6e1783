import DSCore
import DSSchedule

/// One choice that was made by the times of steps inside the network, by problem key.
public struct InNetworkChoice: Sendable, Hashable {
  /// Fused problems that are faster than their parts there.
  public var fused: Set<String>
  /// Problems whose race winner is faster there than the default.
  public var tuned: Set<String>

  init(fused: Set<String>, tuned: Set<String>) {
    self.fused = fused
    self.tuned = tuned
  }
}

extension InNetworkChoice {
  var journal: JSONValue {
    .object(["fused": Self.list(fused), "tuned": Self.list(tuned)])
  }

  init?(journal: JSONValue?) {
    guard case .object(let object)? = journal, case .array(let fused)? = object["fused"],
      case .array(let tuned)? = object["tuned"]
    else { return nil }
    self.init(fused: Self.set(fused), tuned: Self.set(tuned))
  }

  private static func list(_ keys: Set<String>) -> JSONValue {
    .array(keys.sorted().map(JSONValue.string))
  }

  private static func set(_ values: [JSONValue]) -> Set<String> {
    Set(
      values.compactMap {
        if case .string(let key) = $0 { key } else { nil }
      })
  }
}
