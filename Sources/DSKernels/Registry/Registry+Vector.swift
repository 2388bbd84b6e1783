import DSCore

extension Registry {
  /// The rows of one instruction set: register-tiled kernels, alone, shared by threads, and fused.
  static func vectorKernels(_ set: FastKernelSet) -> [Kernel] {
    let rows = VectorRows(fast: set)
    return [KernelMethod.simd, .threaded].flatMap { method in
      rows.depthwise(method)
        + [
          rows.pointwise(.pointwise, method), rows.pointwise(.dense, method),
          rows.standard(method), rows.image(method),
          rows.pooling(.maximumPooling, method, set.maximumPooling),
          rows.pooling(.averagePooling, method, set.averagePooling),
        ]
    } + [rows.separable(), rows.invertedResidual()]
  }
}

/// Makes the registry rows of one instruction fast.
private struct VectorRows {
  let fast: FastKernelSet
  var lanes: Int { fast.lanes }

  func depthwise(_ method: KernelMethod) -> [Kernel] {
    let tiled = fast.mostColumns.sorted {
      ($0.key.size, $0.key.stride) < ($1.key.size, $1.key.stride)
    }
    let windows = Set(fast.mostColumns.keys)
    let rows = tiled.map { window, most in
      row(
        "depthwise-\(window.size)x\(window.size)s\(window.stride)", .depthwise, method,
        "register tile of one output row, weights in registers",
        parameters: [.columns(most)],
        accepts: { !$0.addsResidual && DepthwiseWindow(tiled: $0.stages[0]) == window },
        packing: { [lanes] _, _ in [.taps(lanes: lanes)] }, run: fast.depthwise)
    }
    let any = row(
      "depthwise-any", .depthwise, method, "one output pixel at a time, any window and stride",
      parameters: [.fixed("columns", 1)], isWindowTiled: false,
      accepts: { problem in
        !problem.addsResidual
          && DepthwiseWindow(tiled: problem.stages[0]).map(windows.contains) != true
      },
      packing: { [lanes] _, _ in [.taps(lanes: lanes)] }, run: fast.depthwise)
    return rows + [any]
  }

  func pointwise(_ operation: Operator, _ method: KernelMethod) -> Kernel {
    row(
      operation.rawValue, operation, method, "register-tiled matrix product on packed panels",
      parameters: [
        .tileRows(fast), .tileVectors(fast), .stripTiles, .rowParts(method),
      ],
      accepts: { $0.stages[0].inputActivation == .none },
      acceptsValues: hasTile,
      packing: { [lanes] _, values in [.panels(vectors: values.p1, lanes: lanes)] },
      run: fast.pointwise)
  }

  func standard(_ method: KernelMethod) -> Kernel {
    row(
      "standard", .standard, method, "patches gathered strip by strip, register-tiled product",
      parameters: [.tileRows(fast), .tileVectors(fast), .patchTiles],
      acceptsValues: hasTile,
      packing: { [lanes] _, values in [.panels(vectors: values.p1, lanes: lanes)] },
      scratch: { [lanes] problem, values, _ in
        let stage = problem.stages[0]
        let channels =
          stage.readsImage
          ? stage.input.channels : (stage.input.channels + lanes - 1) / lanes * lanes
        let planes = (stage.window.tapCount * channels + lanes - 1) / lanes
        return planes
          * FusedScratch(lanes: lanes).planeBytes(rows: values.p2, width: values.p0)
      },
      run: fast.standard)
  }

  func image(_ method: KernelMethod) -> Kernel {
    row(
      "standard-image", .standard, method, "three-channel image read in place by register tiles",
      parameters: [.imageColumns(fast)],
      accepts: { problem in
        let stage = problem.stages[0]
        return stage.readsImage && stage.input.channels == 3 && stage.window.stride <= 2
          && !stage.addsResidual && stage.inputActivation == .none
      },
      packing: { [lanes, vectors = fast.imageVectors] _, _ in
        [.panels(vectors: vectors, lanes: lanes)]
      },
      scratch: { problem, values, _ in
        let stage = problem.stages[0]
        let reach = (values.p0 - 1) * stage.window.stride + stage.window.width
        return stage.window.height * reach * stage.input.channels * 4
      },
      run: fast.image)
  }

  func pooling(_ operation: Operator, _ method: KernelMethod, _ run: @escaping KernelFunction)
    -> Kernel
  {
    row(
      operation.rawValue, operation, method, "one vector of channels at a time", parameters: [],
      packing: { _, _ in [.none] }, run: run)
  }

  func separable() -> Kernel {
    row(
      "separable", .separable, .fused, "depthwise rows straight into the pointwise product",
      parameters: [
        .tileRows(fast), .tileVectors(fast), .stripRows, .fusedColumns(fast), .stripTiles,
      ],
      acceptsValues: hasTile,
      packing: { [lanes] _, values in
        [.taps(lanes: lanes), .panels(vectors: values.p1, lanes: lanes)]
      },
      scratch: { [lanes] problem, values, _ in
        FusedScratch(lanes: lanes).bytes(
          channels: problem.input.channels, rows: values.p2, width: problem.stages[0].output.width)
      },
      run: fast.separable)
  }

  func invertedResidual() -> Kernel {
    row(
      "inverted", .invertedResidual, .fused, "expanded rows roll through a ring",
      parameters: [.tileRows(fast), .tileVectors(fast), .stripRows, .fusedColumns(fast)],
      accepts: { $0.stages[0].inputActivation == .none },
      acceptsValues: hasTile,
      packing: { [lanes] _, values in
        let panels = Packing.panels(vectors: values.p1, lanes: lanes)
        return [panels, .taps(lanes: lanes), panels]
      },
      scratch: { [lanes] problem, values, _ in
        let depthwise = problem.stages[1]
        let ring = (values.p2 - 1) * depthwise.window.stride + depthwise.window.height
        let scratch = FusedScratch(lanes: lanes)
        return scratch.bytes(
          channels: depthwise.input.channels, rows: ring, width: depthwise.input.width)
          + scratch.bytes(
            channels: depthwise.input.channels, rows: values.p2, width: depthwise.output.width)
      },
      run: fast.invertedResidual)
  }

  private var hasTile: @Sendable (KernelParameters) -> Bool {
    { [most = fast.mostRows] values in values.p0 <= most[values.p1, default: 0] }
  }

  private func row(
    _ name: String, _ operation: Operator, _ method: KernelMethod, _ summary: String,
    parameters: [ParameterAxis], isWindowTiled: Bool = true,
    accepts: @escaping @Sendable (Problem) -> Bool = { _ in true },
    acceptsValues: @escaping @Sendable (KernelParameters) -> Bool = { _ in true },
    packing: @escaping @Sendable (Problem, KernelParameters) -> [Packing],
    scratch: @escaping @Sendable (Problem, KernelParameters, Int) -> Int = { _, _, _ in 0 },
    run: @escaping KernelFunction
  ) -> Kernel {
    Kernel(
      id: "f32-\(name)-\(method.rawValue)__\(fast.instructionSet.rawValue)", operation: operation,
      method: method, instructionSet: fast.instructionSet, elementType: .float32,
      channelBlock: lanes, parameters: parameters,
      numericClass: fast.usesFusedMultiplyAdd ? .fusedMultiplyAdd : .multiplyThenAdd,
      summary: summary, isWindowTiled: isWindowTiled, acceptsShape: accepts,
      acceptsValues: acceptsValues, packing: packing, scratch: scratch, run: run)
  }
}

extension DepthwiseWindow {
  /// The window of a stage if register tiles can exist for it: square, and a pre-activation only for
  /// 3×3 with stride 1.
  fileprivate init?(tiled stage: Stage) {
    guard stage.window.height == stage.window.width else { return nil }
    self.init(stage.window.width, stage.window.stride)
    if stage.inputActivation != .none && self != DepthwiseWindow(3, 1) { return nil }
  }
}

/// Bytes of a strip of rows of all channel blocks, as the fused kernels lay it out.
struct FusedScratch {
  let lanes: Int

  func bytes(channels: Int, rows: Int, width: Int) -> Int {
    (channels + lanes - 1) / lanes * planeBytes(rows: rows, width: width)
  }

  /// Planes a multiple of 1 KiB apart would share too few L1 sets.
  func planeBytes(rows: Int, width: Int) -> Int {
    let bytes = (rows * width * lanes * 4 + 63) / 64 * 64
    return bytes % 1024 == 0 ? bytes + 64 : bytes
  }
}
