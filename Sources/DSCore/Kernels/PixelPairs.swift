/// The pixels of each image two by two; the last of an odd number pairs with the one before it, a second time.
///
/// Which pixels make a pair depends on the image alone, so that any cut between pairs leaves all bits as they are.
///
/// Always inlined, for the same reason as `Split`.
@frozen
public struct PixelPairs: Sendable {
  /// Pairs that lie one after the other.
  @frozen
  public struct Run: Sendable {
    /// The first pair's first pixel.
    public let pixel: Int
    public let count: Int
    /// Whether that pixel belongs to the pair before.
    public let repeatsFirst: Bool

    @inlinable @inline(always)
    init(pixel: Int, count: Int, repeatsFirst: Bool) {
      self.pixel = pixel
      self.count = count
      self.repeatsFirst = repeatsFirst
    }
  }

  /// Of all images.
  public let count: Int
  @usableFromInline let pixelsPerImage: Int
  @usableFromInline let pairsPerImage: Int

  @inlinable @inline(always)
  public init(images: Int, pixelsPerImage: Int) {
    self.pixelsPerImage = pixelsPerImage
    pairsPerImage = (pixelsPerImage + 1) / 2
    count = images * pairsPerImage
  }

  public init(_ map: FeatureShape) {
    self.init(images: map.batch, pixelsPerImage: map.height * map.width)
  }

  /// The pairs from `pair` on, before `end`.
  @inlinable @inline(always)
  public func run(from pair: Int, to end: Int) -> Run {
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
  @inlinable @inline(always)
  public func pixels(_ pairs: Range<Int>) -> Range<Int> {
    firstPixel(pairs.lowerBound)..<firstPixel(pairs.upperBound)
  }

  @inlinable @inline(always)
  func firstPixel(_ pair: Int) -> Int {
    pair / pairsPerImage * pixelsPerImage + 2 * (pair % pairsPerImage)
  }
}
