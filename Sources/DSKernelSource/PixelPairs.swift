import DSCore

/// The pixels of each image two by two; the last of an odd number pairs with the one before it, a second time.
///
/// Which pixels make a pair depends on the image alone, so that any cut between pairs leaves all bits as they are.
struct PixelPairs {
  /// Pairs that lie one after the other.
  struct Run {
    /// The first pair's first pixel.
    var pixel: Int
    var count: Int
    /// Whether that pixel belongs to the pair before.
    var repeatsFirst: Bool
  }

  /// Of all images.
  let count: Int
  private let pixelsPerImage: Int
  private let pairsPerImage: Int

  @inline(always)
  init(_ stage: StageCall) {
    pixelsPerImage = stage.outputHeight * stage.outputWidth
    pairsPerImage = (pixelsPerImage + 1) / 2
    count = stage.batch * pairsPerImage
  }

  /// The pairs from `pair` on, before `end`.
  @inline(always)
  func run(from pair: Int, to end: Int) -> Run {
    let image = pair / pairsPerImage
    let inImage = pair - image * pairsPerImage
    let pixel = image * pixelsPerImage + 2 * inImage
    if 2 * inImage + 1 == pixelsPerImage {
      return Run(pixel: pixel - 1, count: 1, repeatsFirst: true)
    }
    return Run(
      pixel: pixel, count: min(end - pair, pixelsPerImage / 2 - inImage), repeatsFirst: false)
  }

  /// The pixels of some pairs, each once.
  @inline(always)
  func pixels(_ pairs: Range<Int>) -> Range<Int> {
    firstPixel(pairs.lowerBound)..<firstPixel(pairs.upperBound)
  }

  @inline(always)
  private func firstPixel(_ pair: Int) -> Int {
    pair / pairsPerImage * pixelsPerImage + 2 * (pair % pairsPerImage)
  }
}
