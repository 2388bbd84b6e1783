/// What a product fetches while it computes.
///
/// It stays in memory: in six registers it drove more of a tile's addresses to the stack (7×16×16→48 0.730 → 0.711 µs, together with
/// pointers that move on; Zen 5).
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
