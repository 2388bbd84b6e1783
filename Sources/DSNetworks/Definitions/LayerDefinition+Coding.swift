import DSCore

extension LayerDefinition: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case kind, name, input, kernel, stride, padding, channels, inputActivation, activation
    case residual, tensors
  }

  public init(from decoder: any Decoder) throws {
    let object = try decoder.strictContainer(keyedBy: Key.self)
    guard let kind = try object.choice(Stage.Kind.self, forKey: .kind) else {
      throw DecodingError.keyNotFound(
        Key.kind, DecodingError.Context(codingPath: decoder.codingPath, debugDescription: ""))
    }
    self.init(
      kind, try object.decode(String.self, forKey: .name),
      input: try object.decodeIfPresent(String.self, forKey: .input),
      kernel: try object.decodeIfPresent(KernelSize.self, forKey: .kernel),
      stride: try object.decodeIfPresent(WholeNumber.self, forKey: .stride)?.value ?? 1,
      padding: try object.decodeIfPresent(PaddingRule.self, forKey: .padding) ?? .valid,
      channels: try object.decodeIfPresent(WholeNumber.self, forKey: .channels)?.value,
      inputActivation: try object.choice(Activation.self, forKey: .inputActivation) ?? .none,
      activation: try object.choice(Activation.self, forKey: .activation) ?? .none,
      residual: try object.decodeIfPresent(String.self, forKey: .residual),
      tensors: try object.decodeIfPresent(TensorNames.self, forKey: .tensors))
  }

  /// What has its default value is left out.
  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(kind.rawValue, forKey: .kind)
    try object.encode(name, forKey: .name)
    try object.encodeIfPresent(input, forKey: .input)
    try object.encodeIfPresent(kernel, forKey: .kernel)
    if stride != 1 { try object.encode(stride, forKey: .stride) }
    if padding != .valid { try object.encode(padding, forKey: .padding) }
    try object.encodeIfPresent(channels, forKey: .channels)
    if inputActivation != .none {
      try object.encode(inputActivation.rawValue, forKey: .inputActivation)
    }
    if activation != .none { try object.encode(activation.rawValue, forKey: .activation) }
    try object.encodeIfPresent(residual, forKey: .residual)
    try object.encodeIfPresent(tensors, forKey: .tensors)
  }
}
