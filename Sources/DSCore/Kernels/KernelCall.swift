/// Everything a kernel needs for one problem, resolved to addresses: made once with the plan, then
/// read by every worker on every inference.
public struct KernelCall {
  /// Feature maps in channel blocks (`TensorLayout`), or an NHWC image where the stage says so.
  public var input: UnsafeRawPointer
  public var inputPlaneBytes: Int
  public var output: UnsafeMutableRawPointer
  public var outputPlaneBytes: Int
  /// Added before the last activation; has the output's layout. May be the output itself.
  public var residual: UnsafeRawPointer?
  public var residualPlaneBytes: Int
  /// Scratch of worker 0; worker w's begins `scratchBytesPerWorker` · w later.
  public var scratch: UnsafeMutableRawPointer
  public var scratchBytesPerWorker: Int
  /// Channels in one block of input, output and residual.
  public var channelBlock: Int
  /// Values of the kernel's parameters in the order of its parameter table.
  public var parameters: KernelParameters
  /// In how many parts the workers of a kernel without a parameter for it cut the rows of their output; the workers
  /// of one part cut its channel blocks. Divides the number of workers.
  public var rowParts = 1
  /// Counts the pieces of this worker's share that were taken, by itself or by another worker that is done with its own;
  /// `nil` where the worker does all of its share. Only kernels that say so have pieces.
  public var nextPiece: UnsafeMutablePointer<UInt32>?
  public var first: StageCall
  /// The second and third stage of a fused kernel; a copy of the first otherwise.
  public var second: StageCall
  public var third: StageCall
  /// What to fetch into the cache meanwhile.
  public var following: FollowingWeights?

  public init(
    input: UnsafeRawPointer, inputPlaneBytes: Int, output: UnsafeMutableRawPointer,
    outputPlaneBytes: Int, residual: UnsafeRawPointer?, residualPlaneBytes: Int,
    scratch: UnsafeMutableRawPointer, scratchBytesPerWorker: Int, channelBlock: Int,
    parameters: KernelParameters, stages: [StageCall]
  ) {
    precondition((1...3).contains(stages.count), "a kernel call has \(stages.count) stages")
    self.input = input
    self.inputPlaneBytes = inputPlaneBytes
    self.output = output
    self.outputPlaneBytes = outputPlaneBytes
    self.residual = residual
    self.residualPlaneBytes = residualPlaneBytes
    self.scratch = scratch
    self.scratchBytesPerWorker = scratchBytesPerWorker
    self.channelBlock = channelBlock
    self.parameters = parameters
    first = stages[0]
    second = stages.count > 1 ? stages[1] : stages[0]
    third = stages.count > 2 ? stages[2] : stages[0]
  }
}

/// A kernel's body: does worker `worker`'s share of the call, out of `workers` equal ones.
///
/// Never fails, allocates or calls the system. Any two workers write disjoint bytes, and every
/// output gets the same bits whatever `workers` is.
public typealias KernelFunction =
  @Sendable (
    _ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int
  ) -> Void
