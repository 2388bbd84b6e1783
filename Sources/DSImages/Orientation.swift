/// How a camera was held, as EXIF numbers it: what must be done to the stored pixels to see the scene upright.
package enum Orientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirrored
  case halfTurn
  case flipped
  case transposed
  case quarterTurn
  case transversed
  case threeQuarterTurn

  /// Whether rows become columns.
  var swapsExtents: Bool { rawValue >= 5 }

  /// Completes "the image was …".
  package var description: String {
    switch self {
    case .upright: "left as it is"
    case .mirrored: "mirrored left to right"
    case .halfTurn: "turned by 180 degrees"
    case .flipped: "mirrored top to bottom"
    case .transposed: "mirrored at the diagonal from its top left"
    case .quarterTurn: "turned by 90 degrees clockwise"
    case .transversed: "mirrored at the diagonal from its top right"
    case .threeQuarterTurn: "turned by 90 degrees anticlockwise"
    }
  }
}
