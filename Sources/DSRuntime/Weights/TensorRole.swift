/// What a tensor is for. A file does not need to know; seeded weights take their scale from it.
public enum TensorRole: Hashable, Sendable {
  /// `fanIn`: how many products one output sums. `normalised`: batch normalisation follows.
  case kernel(fanIn: Int, normalised: Bool)
  case bias
  case gamma
  case beta
  case mean
  case variance
}
