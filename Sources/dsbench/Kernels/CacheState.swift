/// What the caches hold when a kernel starts.
enum CacheState: String, CaseIterable {
  /// Everything the run before left: the same weights each time.
  case warm
  /// Activations warm, weights as they come round inside a network.
  case network
  /// Nothing.
  case cold
}
