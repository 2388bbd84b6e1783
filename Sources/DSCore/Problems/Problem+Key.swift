/// The text form of a problem, a contract of the schedule format:
///
///     depthwise 3x3 s1 p1,1 112x112x32 relu6 f32
///     pointwise 112x112x32->64 relu6 f32
///     standard 3x3 s2 p0,1 image 224x224x3->32 relu6 f32
///     separable 3x3 s1 p1,1 112x112x32->64 relu6,relu6 f32
///     inverted 3x3 s1 p1,1 56x56x24->144->24 relu6,relu6,none residual f32
///     reduction 3x3 s1 p1,1 3x3 s2 p0,1 74x74x256->256 none,none,none residual f32
///     pooled 7x7 s1 p0,0 7x7x320->1280 relu6,none f32
///     entry 3x3 s2 p0,1 3x3 s1 p1,1 image 224x224x3->32->64 relu6,relu6,relu6 f32
///
/// `operator [KHxKW sS pTOP,BOTTOM[,LEFT,RIGHT]]… [image] [Nx]HxWxC[->C…] [in-relu] ACT[,ACT…]
/// [residual] TYPE`. Left and right padding are written only where they differ from top and bottom.
extension Problem {
  public var key: String {
    var words = [operation.rawValue]
    for window in stages.filter(\.kind.takesWindow).map(\.window) {
      words += ["\(window.height)x\(window.width)", "s\(window.stride)", window.padding.keyWord]
    }
    if stages[0].readsImage { words.append("image") }
    words.append(shapeWord)
    if stages[0].inputActivation != .none {
      words.append("in-\(stages[0].inputActivation.rawValue)")
    }
    words.append(stages.map(\.activation.rawValue).joined(separator: ","))
    if addsResidual { words.append("residual") }
    words.append(elementType.rawValue)
    return words.joined(separator: " ")
  }

  private var shapeWord: String {
    let widths = stages.filter { $0.kind.changesChannels }.map { "->\($0.outputChannels)" }
    return input.description + widths.joined()
  }

  /// Reads a key back; `Problem(key: p.key) == p` for every problem.
  public init(key: String) throws(ProblemError) {
    var reader = KeyReader(key: key)
    let operation = try reader.operation()
    let kinds = operation.stageKinds
    var windows: [Window] = []
    for kind in kinds { windows.append(kind.takesWindow ? try reader.window() : .point) }
    let readsImage = reader.takes("image")
    let (input, widths) = try reader.shape()
    let inputActivation = try reader.inputActivation()
    let activations = try reader.activations(count: kinds.count)
    let residual = reader.takes("residual")
    let type = try reader.elementType()
    try reader.expectEnd()

    guard widths.count == kinds.count(where: \.changesChannels) else {
      throw reader.failure(
        "\(operation.rawValue) takes \(kinds.count(where: \.changesChannels)) '->'")
    }
    var remaining = widths[...]
    var stages: [Stage] = []
    for (index, kind) in kinds.enumerated() {
      let stage = Stage(
        kind, input: stages.last?.output ?? input, window: windows[index],
        outputChannels: kind.changesChannels ? remaining.removeFirst() : nil,
        inputActivation: index == 0 ? inputActivation : .none, activation: activations[index],
        addsResidual: residual && index == kinds.count - 1, readsImage: readsImage && index == 0)
      if let defect = stage.defect { throw .impossible(problem: key, reason: defect) }
      stages.append(stage)
    }
    try self.init(stages: stages, elementType: type)
  }
}

extension Stage.Kind {
  /// Whether a key spells out this kind's window.
  var takesWindow: Bool {
    switch self {
    case .standard, .depthwise, .maximumPooling, .averagePooling: true
    case .pointwise, .dense, .softmax: false
    }
  }

  /// Whether the stage chooses its own number of output channels.
  var changesChannels: Bool {
    switch self {
    case .standard, .pointwise, .dense: true
    case .depthwise, .maximumPooling, .averagePooling, .softmax: false
    }
  }
}

extension Padding {
  fileprivate var keyWord: String {
    top == left && bottom == right
      ? "p\(top),\(bottom)" : "p\(top),\(bottom),\(left),\(right)"
  }
}
