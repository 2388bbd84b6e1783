/// What a product fetches while it computes.
///
/// It stays in memory: six registers more, and the tile took the addresses of its operands from the stack.
struct WeightFetches {
  /// The panel after the one that is multiplied.
  var nextPanel = WeightFetch()
  /// Weights of the layers after this one.
  var following = WeightFetch()

  @inline(always)
  mutating func step() {
    nextPanel.step()
    following.step()
  }
}
