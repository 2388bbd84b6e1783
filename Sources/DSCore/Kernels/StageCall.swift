/// One stage's part of a kernel call: geometry, packed weights and clamps, ready to use.
public struct StageCall {
  /// Packed as the kernel asked for (bias inside); unused by stages without weights.
  public var weights: UnsafeRawPointer
  public var batch: Int
  public var inputHeight: Int
  public var inputWidth: Int
  public var inputChannels: Int
  public var outputHeight: Int
  public var outputWidth: Int
  public var outputChannels: Int
  public var windowHeight: Int
  public var windowWidth: Int
  public var stride: Int
  public var paddingTop: Int
  public var paddingLeft: Int
  public var readsImage: Bool
  /// Whether a pooling adds up the rows of its window apart: `Stage.addsByRow`.
  public var addsByRow: Bool
  /// Lower clamp of every input element: 0 for a pre-activation, −∞ for none.
  public var inputLow: Float
  public var inputHigh: Float
  public var low: Float
  public var high: Float
  /// Whether half vectors of two pixels have a register each, and do not share one.
  public var halvesApart = false

  public init(_ stage: Stage, weights: UnsafeRawPointer) {
    self.weights = weights
    batch = stage.input.batch
    inputHeight = stage.input.height
    inputWidth = stage.input.width
    inputChannels = stage.input.channels
    outputHeight = stage.output.height
    outputWidth = stage.output.width
    outputChannels = stage.outputChannels
    windowHeight = stage.window.height
    windowWidth = stage.window.width
    stride = stage.window.stride
    paddingTop = stage.window.padding.top
    paddingLeft = stage.window.padding.left
    readsImage = stage.readsImage
    addsByRow = stage.addsByRow
    inputLow = stage.inputActivation.lowerBound
    inputHigh = stage.inputActivation.upperBound
    low = stage.activation.lowerBound
    high = stage.activation.upperBound
  }
}
