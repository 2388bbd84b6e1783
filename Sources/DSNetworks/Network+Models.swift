import DSCore

extension Network {
  /// A network that comes with the package.
  ///
  /// - Parameters:
  ///   - width: multiplies the channel counts; what is possible depends on the model.
  ///   - resolution: rows and columns of the input image; the published ones if `nil`.
  ///   - classes: scores of the last layer; 1000 (ImageNet) if `nil`.
  public init(
    model: Model, width: Double = 1, resolution: Int? = nil, batch: Int = 1, classes: Int? = nil,
    elementType: ElementType = .float32
  ) throws(NetworkError) {
    let definition = try model.definition(
      width: width, resolution: resolution, classes: classes ?? 1000)
    try self.init(definition, batch: batch, elementType: elementType)
  }

  /// A network by the name of a model or the path of a network file (`Documentation/NetworkFormat.md`).
  ///
  /// A file's channel counts and classes are as written in it; its images may be resized through
  /// `resolution`.
  public init(
    model name: String, width: Double = 1, resolution: Int? = nil, batch: Int = 1,
    classes: Int? = nil, elementType: ElementType = .float32
  ) throws(NetworkError) {
    if let model = Model(rawValue: name) {
      try self.init(
        model: model, width: width, resolution: resolution, batch: batch, classes: classes,
        elementType: elementType)
      return
    }
    guard name.contains("/") || name.hasSuffix(".json") || NetworkDefinition.fileExists(name) else {
      throw .unknownModel(name, suggestion: Model.nearest(to: name)?.rawValue)
    }
    var definition = try NetworkDefinition(contentsOfFile: name)
    guard width == 1 || width == definition.width else {
      throw .widthOutOfRange(width, model: name, allowed: "1, as the file says its channels itself")
    }
    if let classes, classes != definition.classes {
      throw .classCountOutOfRange(
        classes, allowed: "\(definition.classes), as the file '\(name)' says")
    }
    if let resolution {
      guard NetworkDefinition.imageExtents.contains(resolution) else {
        throw .resolutionOutOfRange(
          resolution, model: name,
          allowed: "1 to \(NetworkDefinition.imageExtents.upperBound)")
      }
      definition.image.height = resolution
      definition.image.width = resolution
    }
    try self.init(definition, batch: batch, elementType: elementType)
  }
}
