import DSCore

extension Network {
  /// How often the layers run for one batch.
  public var microBatchCount: Int { batch / microBatch }

  /// The same network for the same batch, of which `images` at a time go through the layers.
  ///
  /// The feature maps of one image may stay in L2 where those of eight go to L3 or memory, and a small network's tiles and
  /// barriers are better used by eight.
  /// - Source: Oyama, Ben-Nun, Hoefler and Matsuoka, "Accelerating Deep Learning Frameworks with Micro-Batches", IEEE
  ///   CLUSTER 2018, arXiv:1804.04806 (there for a workspace's sake).
  /// - Parameter images: divides the batch.
  public func inMicroBatches(of images: Int) -> Network {
    precondition(
      (1...batch).contains(images) && batch % images == 0,
      "\(batch) images in micro-batches of \(images)")
    var network = self
    network.microBatch = images
    for index in layers.indices {
      network.layers[index].problem = layers[index].problem.forImages(images)
    }
    return network
  }

  /// In micro-batches of as many images as these problems have, most of them; `nil` where they say nothing, or a number
  /// that does not divide the batch.
  public func inMicroBatches(ofProblems keys: some Sequence<String>) -> Network? {
    if batch == 1 { return self }
    var counts: [Int: Int] = [:]
    for key in keys {
      guard let problem = try? Problem(key: key) else { continue }
      counts[problem.input.batch, default: 0] += 1
    }
    let most = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
    guard let images = most?.key, images <= batch, batch % images == 0 else { return nil }
    return inMicroBatches(of: images)
  }
}
