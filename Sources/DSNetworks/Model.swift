/// The networks that come with the package, as Keras Applications builds them.
public enum Model: String, Sendable, Hashable, CaseIterable {
  /// Howard et al., "MobileNets", arXiv:1704.04861.
  case mobileNetV1 = "mobilenet-v1"
  /// Sandler et al., "MobileNetV2", CVPR 2018, arXiv:1801.04381.
  case mobileNetV2 = "mobilenet-v2"
  /// Chollet, "Xception", CVPR 2017, arXiv:1610.02357.
  case xception

  /// Rows and columns of the images it was published for.
  public var defaultResolution: Int {
    switch self {
    case .mobileNetV1, .mobileNetV2: 224
    case .xception: 299
    }
  }

  /// Width multipliers it can be built with.
  public var widths: ClosedRange<Double> {
    switch self {
    case .mobileNetV1: 0.03125...1
    case .mobileNetV2: 0.35...1.4
    case .xception: 1...1
    }
  }

  /// Resolutions it can be built for are the multiples of this…
  public var resolutionStep: Int { self == .xception ? 1 : 32 }

  /// …within these bounds: the upper one is many times the size that images are classified at.
  public var resolutions: ClosedRange<Int> { self == .xception ? 71...2048 : 32...2048 }
}

extension Model {
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// The model as data: to look at, to change, to write as a network file.
  public func definition(
    width: Double = 1, resolution: Int? = nil, classes: Int = 1000
  ) throws(NetworkError) -> NetworkDefinition {
    let resolution = resolution ?? defaultResolution
    guard LayerDefinition.channelRange.contains(classes) else {
      throw .classCountOutOfRange(
        classes, allowed: "1 to \(LayerDefinition.channelRange.upperBound)")
    }
    guard widths.contains(width) else {
      let allowed =
        widths.lowerBound == widths.upperBound
        ? "1, the only one it has"
        : "a width multiplier from \(widths.lowerBound) to \(widths.upperBound)"
      throw .widthOutOfRange(width, model: rawValue, allowed: allowed)
    }
    guard resolutions.contains(resolution), resolution.isMultiple(of: resolutionStep) else {
      let kind = resolutionStep == 1 ? "a number" : "a multiple of \(resolutionStep)"
      throw .resolutionOutOfRange(
        resolution, model: rawValue,
        allowed: "\(kind) from \(resolutions.lowerBound) to \(resolutions.upperBound)")
    }
    return switch self {
    case .mobileNetV1: .mobileNetV1(width: width, resolution: resolution, classes: classes)
    case .mobileNetV2: .mobileNetV2(width: width, resolution: resolution, classes: classes)
    case .xception: .xception(resolution: resolution, classes: classes)
    }
  }

  /// The model whose name is nearest to `name`, if any is near enough to be what was meant.
  static func nearest(to name: String) -> Model? {
    let wanted = Array(name.lowercased().utf8.prefix(32))
    let distances = allCases.map { (model: $0, edits: edits(wanted, Array($0.rawValue.utf8))) }
    guard let best = distances.min(by: { $0.edits < $1.edits }), best.edits <= 4 else { return nil }
    return best.model
  }

  /// Levenshtein's distance, one row of the table at a time.
  private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
