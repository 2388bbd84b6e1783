extension TensorNames: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case kernel, kernelShape, bias, batchNormalization, gamma
  }

  public init(from decoder: any Decoder) throws {
    let object = try decoder.strictContainer(keyedBy: Key.self)
    self.init(
      kernel: try object.decodeIfPresent([String].self, forKey: .kernel) ?? [],
      kernelShape: try object.decodeIfPresent([WholeNumber].self, forKey: .kernelShape)?
        .map(\.value),
      bias: try object.decodeIfPresent(String.self, forKey: .bias),
      batchNormalization: try object.decodeIfPresent(String.self, forKey: .batchNormalization),
      hasGamma: try object.decodeIfPresent(Bool.self, forKey: .gamma) ?? true)
  }

  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    if !kernel.isEmpty { try object.encode(kernel, forKey: .kernel) }
    try object.encodeIfPresent(kernelShape, forKey: .kernelShape)
    try object.encodeIfPresent(bias, forKey: .bias)
    try object.encodeIfPresent(batchNormalization, forKey: .batchNormalization)
    if !hasGamma { try object.encode(false, forKey: .gamma) }
  }
}
