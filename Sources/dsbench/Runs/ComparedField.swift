import DSSchedule

/// What has to be the same in two saved records before their times may be compared, in the order it is asked about.
struct ComparedField: Sendable {
  /// As messages call it: where it lies in the file.
  let name: String
  /// Of a record; `nil` where it does not say.
  let value: @Sendable (_ record: [String: JSONValue]) -> String?

  /// Where and with what a record was measured.
  static let ofContext: [ComparedField] = [
    context("tool"), context("cpu"), context("model"), context("isa"), context("topology"),
  ]

  /// What was measured, of a network and of its layers.
  static let ofNetwork: [ComparedField] = [
    member("model"), member("width"), member("resolution"), member("batch"), member("threads"),
    member("isa"), ComparedField(name: "type", value: layerTypes),
  ]

  /// All of them, each once.
  static let names: [String] = (ofContext + ofNetwork + ofKernel).reduce(into: []) { names, field in
    if !names.contains(field.name) { names.append(field.name) }
  }

  /// What was measured, of a kernel: the rest is in the row's name, as a file has many problems and kernels.
  static let ofKernel: [ComparedField] = [
    member("threads"), member("cache"),
    ComparedField(name: "type") { record in record["problem"]?.word.map(elementType) },
  ]

  static let host = context("host")

  private static func context(_ name: String) -> ComparedField {
    ComparedField(name: "context.\(name)") { record in
      guard case .object(let context)? = record["context"] else { return nil }
      return context[name]?.word
    }
  }

  private static func member(_ name: String) -> ComparedField {
    ComparedField(name: name) { $0[name]?.word }
  }

  /// "f32", or "bf16+f32" where layers differ.
  private static func layerTypes(_ record: [String: JSONValue]) -> String? {
    if let precision = record["precision"]?.word { return precision }
    guard case .array(let layers)? = record["layers"] else { return nil }
    let types = layers.compactMap { layer -> String? in
      guard case .object(let members) = layer else { return nil }
      return members["problem"]?.word.map(elementType)
    }
    return types.isEmpty ? nil : Set(types).sorted().joined(separator: "+")
  }

  /// The last word of a problem's key.
  private static func elementType(ofProblem key: String) -> String {
    key.split(separator: " ").last.map(String.init) ?? key
  }
}

extension JSONValue {
  /// A value as part of a row's name.
  var word: String? {
    switch self {
    case .string(let text): text
    case .integer, .number: text
    case .object(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }
        .joined(separator: " ")
    default: nil
    }
  }
}
