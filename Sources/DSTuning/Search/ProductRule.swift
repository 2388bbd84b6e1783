import DSKernels
import DSSchedule

/// Which products of input and weights a schedule may be made of.
public enum ProductRule: String, Sendable, CaseIterable {
  /// Strassen's algorithm too: fewer multiplications, other roundings, and more memory for the weights.
  case any
  /// Those of the formula alone: the bits that the network has without a schedule.
  case asWritten = "as-written"

  func allows(_ kernel: Kernel) -> Bool { self == .any || kernel.multipliesAsWritten }
}

extension ProductRule {
  /// What a journal or a plan says; all where it says nothing, `nil` where it is no rule.
  init?(file value: JSONValue?) {
    switch value {
    case nil: self = .any
    case .string(let name)?: self.init(rawValue: name)
    default: return nil
    }
  }
}
