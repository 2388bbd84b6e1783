import DSCore
import Glibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension NetworkDefinition {
  /// The largest file that is read: 2 KiB for each of the most layers there may be.
  private static let byteLimit = 8 << 20

  /// Reads a network file; its format is described in `Documentation/NetworkFormat.md`.
  public init(contentsOfFile path: String) throws(NetworkError) {
    let bytes: [UInt8]?
    do { bytes = try AtomicFile.read(path, limitBytes: Self.byteLimit) } catch {
      throw .unreadableFile(path: path, reason: error.reason)
    }
    guard let bytes else {
      throw .unreadableFile(
        path: path,
        reason: "it has more than the \(Self.byteLimit >> 20) MiB a network file may have")
    }
    try self.init(json: bytes, path: path)
  }

  /// Reads the text of a network file.
  ///
  /// - Parameter path: what error messages call the text.
  public init(json: [UInt8], path: String = "network") throws(NetworkError) {
    if let fault = JSONSyntax.fault(in: json) {
      throw .malformedFile(path: path, place: "not JSON", reason: fault)
    }
    do {
      self = try JSONDecoder().decode(NetworkDefinition.self, from: Data(json))
    } catch {
      let (place, reason) = (error as? DecodingError)?.placeAndReason ?? ("", "\(error)")
      throw .malformedFile(path: path, place: place, reason: reason)
    }
  }

  /// The text of a network file; reading it gives back an equal definition.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  static func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

extension DecodingError {
  /// Where in the text, as in `layers[3].stride`, and what is wrong there.
  fileprivate var placeAndReason: (String, String) {
    switch self {
    case .keyNotFound(let key, let context):
      (Self.place(context.codingPath), "'\(key.stringValue)' is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      (Self.place(context.codingPath), "\(Self.word(for: type)) belongs here")
    case .dataCorrupted(let context):
      (Self.place(context.codingPath), context.debugDescription)
    @unknown default:
      ("", "it is no network file")
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.reduce("") { place, key in
      if let index = key.intValue { return "\(place)[\(index)]" }
      return place.isEmpty ? key.stringValue : "\(place).\(key.stringValue)"
    }
  }

  private static func word(for type: Any.Type) -> String {
    switch type {
    case is Double.Type: "a number"
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }
}
