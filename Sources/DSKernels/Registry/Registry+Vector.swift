import DSCore

extension Registry {
  /// The rows of one instruction set: register-tiled kernels, alone, shared by threads, and fused.
  static func vectorKernels(_ set: FastKernelSet) -> [Kernel] {
    let rows = VectorRows(fast: set)
    return [KernelMethod.simd, .threaded].flatMap { method in
      rows.depthwise(method)
        + [
          rows.pointwise(.pointwise, method), rows.pointwise(.dense, method),
          rows.strassen(method),
          rows.standard(method), rows.standardDirect(method), rows.image(method),
          rows.pooling(.maximumPooling, method, set.maximumPooling),
          rows.pooling(.averagePooling, method, set.averagePooling),
        ]
    } + [
      rows.separable(), rows.invertedResidual(), rows.entry(), rows.pooled(), rows.reduction(),
      rows.softmax(),
    ]
  }
}

/// Makes the registry rows of one instruction set.
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
        "register tile of output rows, weights in registers; of that width and any height",
        parameters: [.columns(most)],
        accepts: { DepthwiseWindow($0.stages[0].window) == window },
        packing: { [lanes] _, _ in [.taps(lanes: lanes)] }, scratch: rowsOfSums,
        run: fast.depthwise)
    }
    let any = row(
      "depthwise-any", .depthwise, method, "any window and stride, without a register tile",
      parameters: [.fixed("columns", 1)], isWindowTiled: false,
      accepts: { problem in
        let stage = problem.stages[0]
        return !windows.contains(DepthwiseWindow(stage.window))
          || stage.window.height != stage.window.width || stage.inputActivation != .none
      },
      packing: { [lanes] _, _ in [.taps(lanes: lanes)] }, scratch: rowsOfSums,
      run: fast.depthwise)
    return rows + [any]
  }

  /// Output rows of one channel block to which a residual is added.
  private var rowsOfSums: @Sendable (Problem, KernelParameters, Int) -> Int {
    { [lanes] problem, _, _ in
      let rowBytes = problem.output.width * lanes * 4
      return problem.addsResidual
        ? ScratchRows.sums(of: problem.output.height, rowBytes: rowBytes) * rowBytes : 0
    }
  }

  func pointwise(_ operation: Operator, _ method: KernelMethod) -> Kernel {
    row(
      operation.rawValue, operation, method, "register-tiled matrix product on packed panels",
      parameters: [
        .tileRows(fast), .tileVectors(fast), .stripTiles(fast), .rowParts(method),
      ], hasPieces: true, acceptsValues: hasTile,
      packing: { [lanes] _, values in [.panels(vectors: values.p1, lanes: lanes)] },
      scratch: { [lanes] problem, values, _ in
        FusedScratch(lanes: lanes).activatedBytes(
          problem.stages[0], tileRows: values.p0, stripTiles: values.p2)
      },
      run: fast.pointwise)
  }

  func strassen(_ method: KernelMethod) -> Kernel {
    row(
      "pointwise-strassen", .pointwise, method, "Strassen's seven products of halves for eight",
      parameters: [.tileRows(fast), .tileVectors(fast), .strassenTiles, .rowParts(method)],
      numericClass: .ownOrder,
      accepts: { [lanes] problem in
        let stage = problem.stages[0]
        return stage.inputActivation == .none && stage.output.height * stage.output.width > 1
          && ProductHalves(stage, lanes: lanes).isPossible
      },
      acceptsValues: hasTile,
      packing: { [lanes] _, values in [.strassen(vectors: values.p1, lanes: lanes)] },
      scratch: { [lanes] problem, values, _ in
        let stage = problem.stages[0]
        let tiles = Split(PixelPairs(stage.output).count, atMost: values.p0).parts
        let strip = min(values.p2, tiles) * values.p0
        let blocks = ProductHalves(stage, lanes: lanes).depth / lanes + values.p1
        return ProductHalves.productCount * blocks
          * FusedScratch(lanes: lanes).planeBytes(rows: 1, width: strip)
      },
      run: fast.strassen, halves: { [lanes] in ProductHalves($0.stages[0], lanes: lanes) })
  }

  func standard(_ method: KernelMethod) -> Kernel {
    row(
      "standard", .standard, method, "patches gathered strip by strip, register-tiled product",
      parameters: [.tileRows(fast), .tileVectors(fast), .patchTiles], gathersPatches: true,
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

  func standardDirect(_ method: KernelMethod) -> Kernel {
    row(
      "standard-direct", .standard, method,
      "stride 1, register tiles that sum over the window's taps",
      parameters: [.tileRows(fast), .tileVectors(fast), .stripTiles(fast)],
      accepts: { !$0.stages[0].readsImage && $0.stages[0].window.stride == 1 },
      acceptsValues: hasTile,
      packing: { [lanes] _, values in [.panels(vectors: values.p1, lanes: lanes)] },
      scratch: { [lanes] problem, _, _ in
        let stage = problem.stages[0]
        return FusedScratch(lanes: lanes).bytes(
          channels: stage.input.channels, rows: stage.output.height + stage.window.height - 1,
          width: stage.output.width + stage.window.width - 1)
      },
      run: fast.standardDirect)
  }

  func image(_ method: KernelMethod) -> Kernel {
    row(
      "standard-image", .standard, method, "three-channel image read in place by register tiles",
      parameters: [.imageColumns(fast), .imageVectors("vectors", fast)],
      accepts: { $0.stages[0].isTiledImage },
      packing: { [lanes] _, values in [.panels(vectors: values.p1, lanes: lanes)] },
      scratch: { problem, values, _ in problem.stages[0].edgeBytes(columns: values.p0) },
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
        .tileRows(fast), .tileVectors(fast), .stripRows, .fusedColumns(fast), .stripTiles(fast),
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
      acceptsValues: hasTile,
      packing: { [lanes] _, values in
        let panels = Packing.panels(vectors: values.p1, lanes: lanes)
        return [panels, .taps(lanes: lanes), panels]
      },
      scratch: { [lanes] problem, values, _ in
        let scratch = FusedScratch(lanes: lanes)
        return scratch.ringBytes(problem.stages[1], rows: values.p2)
          + scratch.activatedBytes(problem.stages[0], tileRows: values.p0, stripTiles: 0)
      },
      run: fast.rollingBlock)
  }

  func entry() -> Kernel {
    row(
      "entry", .entry, .fused, "rows of the first layer roll through a ring",
      parameters: [
        .tileRows(fast), .tileVectors(fast), .stripRows, .fusedColumns(fast), .entryColumns(fast),
        .imageVectors("imageVectors", fast),
      ],
      accepts: { $0.stages[0].isTiledImage },
      acceptsValues: hasTile,
      packing: { [lanes] _, values in
        [
          .panels(vectors: values.p5, lanes: lanes), .taps(lanes: lanes),
          .panels(vectors: values.p1, lanes: lanes),
        ]
      },
      scratch: { [lanes] problem, values, _ in
        FusedScratch(lanes: lanes).ringBytes(problem.stages[1], rows: values.p2)
          + problem.stages[0].edgeBytes(columns: values.p4)
      },
      run: fast.rollingBlock)
  }

  func pooled() -> Kernel {
    row(
      "pooled", .pooled, .fused, "each worker averages what it has multiplied",
      parameters: [.tileRows(fast), .tileVectors(fast), .stripTiles(fast)],
      accepts: { $0.stages[1].poolsWholeImage && !$0.addsResidual },
      acceptsValues: hasTile,
      packing: { [lanes] _, values in [.panels(vectors: values.p1, lanes: lanes), .none] },
      scratch: { [lanes] problem, values, _ in
        let map = problem.stages[0].output
        let scratch = FusedScratch(lanes: lanes)
        return scratch.bytes(
          channels: map.channels, rows: map.batch * map.height, width: map.width)
          + scratch.activatedBytes(
            problem.stages[0], tileRows: values.p0, stripTiles: values.p2)
      },
      run: fast.pooled)
  }

  func reduction() -> Kernel {
    row(
      "reduction", .reduction, .fused, "depthwise and pointwise rows straight into the maximum",
      parameters: [.tileRows(fast), .tileVectors(fast), .stripRows, .fusedColumns(fast)],
      acceptsValues: hasTile,
      packing: { [lanes] _, values in
        [.taps(lanes: lanes), .panels(vectors: values.p1, lanes: lanes), .none]
      },
      scratch: { [lanes] problem, values, _ in
        let pooling = problem.stages[2]
        let rows = FusedScratch.ringRows(pooling.window, stripRows: values.p2)
        return [problem.input.channels, pooling.input.channels].reduce(0) {
          $0
            + FusedScratch(lanes: lanes).bytes(
              channels: $1, rows: rows, width: pooling.input.width)
        }
      },
      run: fast.reduction)
  }

  func softmax() -> Kernel {
    row(
      "softmax", .softmax, .simd, "shifted exponentials by a polynomial, compensated sum",
      parameters: [], numericClass: .ownOrder, packing: { _, _ in [.none] }, run: fast.softmax)
  }

  private var hasTile: @Sendable (KernelParameters) -> Bool {
    { [most = fast.mostRows] values in values.p0 <= most[values.p1, default: 0] }
  }

  private func row(
    _ name: String, _ operation: Operator, _ method: KernelMethod, _ summary: String,
    parameters: [ParameterAxis], numericClass: Kernel.NumericClass? = nil,
    isWindowTiled: Bool = true, gathersPatches: Bool = false, hasPieces: Bool = false,
    accepts: @escaping @Sendable (Problem) -> Bool = { _ in true },
    acceptsValues: @escaping @Sendable (KernelParameters) -> Bool = { _ in true },
    packing: @escaping @Sendable (Problem, KernelParameters) -> [Packing],
    scratch: @escaping @Sendable (Problem, KernelParameters, Int) -> Int = { _, _, _ in 0 },
    run: @escaping KernelFunction,
    halves: (@Sendable (Problem) -> ProductHalves)? = nil
  ) -> Kernel {
    Kernel(
      id: "f32-\(name)-\(method.rawValue)__\(fast.instructionSet.rawValue)", operation: operation,
      method: method, instructionSet: fast.instructionSet, elementType: .float32,
      channelBlock: lanes, parameters: parameters,
      numericClass: numericClass
        ?? (fast.usesFusedMultiplyAdd ? .fusedMultiplyAdd : .multiplyThenAdd),
      summary: summary, isWindowTiled: isWindowTiled, acceptsShape: accepts,
      acceptsValues: acceptsValues, packing: packing, scratch: scratch, run: run,
      gathersPatches: gathersPatches, hasPieces: hasPieces, halves: halves)
  }
}

extension Stage {
  /// Whether the first layer's register tiles can run it.
  fileprivate var isTiledImage: Bool {
    readsImage && input.channels == 3 && window.stride <= 2 && !addsResidual
  }

  /// Bytes of the image under one register tile.
  fileprivate func edgeBytes(columns: Int) -> Int {
    let reach = (columns - 1) * window.stride + window.width
    return window.height * reach * input.channels * 4
  }
}
