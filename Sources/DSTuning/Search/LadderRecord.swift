import DSSchedule

/// What was timed of the rungs below the default, and beside the network, for the ladder at the end.
public struct LadderRecord: Sendable, Hashable {
  public struct Rung: Sendable, Hashable {
    public let name: String
    /// Of one inference.
    public let milliseconds: Double
    public let basis: NetworkRung.Basis
  }

  /// The simplest first.
  public let rungs: [Rung]
  /// What all threads together multiply and add on registers; `nil` where it was not measured.
  public let peakGigaflops: Double?

  init(rungs: [Rung], peakGigaflops: Double?) {
    self.rungs = rungs
    self.peakGigaflops = peakGigaflops
  }
}

extension LadderRecord {
  var journal: JSONValue {
    var object: [String: JSONValue] = [
      "ladder": .array(
        rungs.map { rung in
          .object([
            "rung": .string(rung.name), "ms": .number(rung.milliseconds),
            "basis": .string(rung.basis.rawValue),
          ])
        })
    ]
    object["peak_gflops"] = peakGigaflops.map(JSONValue.number)
    return .object(object)
  }

  /// Rungs that make no sense are left out: a file may say anything.
  init?(journal object: [String: JSONValue]) {
    guard case .array(let rungs)? = object["ladder"] else { return nil }
    self.init(
      rungs: rungs.compactMap { value in
        guard case .object(let rung) = value, case .string(let name)? = rung["rung"],
          case .string(let basis)? = rung["basis"], let basis = NetworkRung.Basis(rawValue: basis),
          let milliseconds = rung["ms"]?.double, milliseconds > 0, milliseconds.isFinite
        else { return nil }
        return Rung(name: name, milliseconds: milliseconds, basis: basis)
      },
      peakGigaflops: object["peak_gflops"]?.double.flatMap { $0 > 0 ? $0 : nil })
  }
}
