import DSCore

extension ParameterAxis {
  /// Rows of the pointwise register tile: those that waste least on the problem's pixels.
  static func tileRows(_ set: FastKernelSet) -> ParameterAxis {
    let most = set.mostRows.values.max() ?? 1
    return ParameterAxis(
      name: "rows", summary: "pixels in the register tile", legal: 1...most
    ) { context in
      let pixels = context.problem.productPixels
      return Set(set.mostRows.values).flatMap { [$0, $0 - 1, (2 * $0) / 3] }
        .map { max(1, min($0, pixels)) }.uniqued
    }
  }

  /// Vectors of output channels in the register tile.
  static func tileVectors(_ set: FastKernelSet) -> ParameterAxis {
    let most = set.mostRows.keys.max() ?? 1
    return ParameterAxis(
      name: "vectors", summary: "vectors of output channels in the register tile", legal: 1...most
    ) { context in
      let vectors = (context.problem.output.channels + set.lanes - 1) / set.lanes
      return set.mostRows.keys.filter { $0 <= vectors }.sorted()
    }
  }

  /// How many row tiles walk over the weight panels together: all, one, or a strip of about 56 rows, which stays in L1 or
  /// L2 meanwhile. Tiles of AVX2 have six rows: 147×147×128→128 takes 9.8 ms in strips of four and 8.5 in strips of eight to
  /// 64 (Zen 3).
  static func stripTiles(_ set: FastKernelSet) -> ParameterAxis {
    let stripTiles = 56 / (set.mostRows[2] ?? 14)
    return ParameterAxis(
      name: "stripTiles",
      summary: "row tiles that meet all panels before the next (0: all of them)",
      legal: 0...1 << 16
    ) { _ in [0, 1, stripTiles] }
  }

  /// The same for Strassen's algorithm, whose seven operands for all rows at once would be larger than the map: 16 tiles are a
  /// map of 19×19 at once.
  static let strassenTiles = ParameterAxis(
    name: "stripTiles", summary: "row tiles of pairs that meet all panels before the next",
    legal: 1...64
  ) { _ in [2, 4, 16] }

  /// How many row tiles a standard convolution gathers patches for at a time.
  static let patchTiles = ParameterAxis(
    name: "stripTiles", summary: "row tiles in a strip of patches", legal: 1...64
  ) { _ in [1, 2, 4, 8] }

  /// In how many parts the rows are cut among threads; the panels are cut in threads / parts.
  static func rowParts(_ method: KernelMethod) -> ParameterAxis {
    ParameterAxis(
      name: "rowParts",
      summary: "parts of the rows among threads; the rest of the threads split panels",
      legal: 1...1 << 12
    ) { context in
      method == .simd ? [1] : (1...context.workers).filter { context.workers % $0 == 0 }
    }
  }

  /// Columns of the depthwise register tile.
  static func columns(_ most: Int) -> ParameterAxis {
    ParameterAxis(
      name: "columns", summary: "outputs of one row in the register tile", legal: 1...most
    ) { context in
      columnChoices(width: context.problem.output.width, most: most)
    }
  }

  /// Columns of the depthwise tile inside a fused kernel.
  static func fusedColumns(_ set: FastKernelSet) -> ParameterAxis {
    let most = set.mostColumns.values.max() ?? 1
    return ParameterAxis(
      name: "columns", summary: "outputs of one row in the depthwise tile", legal: 1...most
    ) { context in
      guard let stage = context.problem.stages.first(where: { $0.kind == .depthwise }) else {
        return [1]
      }
      let most = set.mostColumns[DepthwiseWindow(stage.window)] ?? 1
      return [columnChoices(width: stage.output.width, most: most)[0]]
    }
  }

  /// Columns of the image tile inside a fused kernel.
  static func entryColumns(_ set: FastKernelSet) -> ParameterAxis {
    ParameterAxis(
      name: "imageColumns", summary: "outputs of one row in the image tile",
      legal: 1...set.imageColumns
    ) { context in
      let width = context.problem.stages[0].output.width
      return [columnChoices(width: width, most: set.imageColumns)[0]]
    }
  }

  /// Vectors of output channels in the image tile.
  static func imageVectors(_ name: String, _ set: FastKernelSet) -> ParameterAxis {
    ParameterAxis(
      name: name, summary: "vectors of output channels in the image tile",
      legal: 1...set.imageVectors
    ) { _ in Array(1...set.imageVectors) }
  }

  static func imageColumns(_ set: FastKernelSet) -> ParameterAxis {
    ParameterAxis(
      name: "columns", summary: "outputs of one row in the register tile",
      legal: 1...set.imageColumns
    ) { context in
      columnChoices(width: context.problem.output.width, most: set.imageColumns)
    }
  }

  /// Output rows that a fused kernel carries through all its stages at once.
  static let stripRows = ParameterAxis(
    name: "stripRows", summary: "output rows in a strip", legal: 1...1 << 12
  ) { context in
    let height = context.problem.output.height
    let share = (height * context.problem.output.batch + context.workers - 1) / context.workers
    return [1, 2, 4, 7, 14, share].filter { $0 <= height && $0 <= share }.uniqued
  }

  static func fixed(_ name: String, _ value: Int) -> ParameterAxis {
    ParameterAxis(name: name, summary: "always \(value)", legal: value...value) { _ in [value] }
  }

  /// The widest tile and the next smaller ones that cut a row into equal parts.
  private static func columnChoices(width: Int, most: Int) -> [Int] {
    let parts = (width + most - 1) / most
    return (parts...(parts + 2)).map { max(1, (width + $0 - 1) / $0) }.uniqued.reversed()
  }
}

extension Problem {
  /// Rows of the problem's last matrix product.
  var productPixels: Int {
    (stages.last { $0.kind != .averagePooling && $0.kind != .maximumPooling }?.output ?? output)
      .pixelCount
  }
}

extension Sequence where Element == Int {
  /// Each value once, ascending.
  fileprivate var uniqued: [Int] { Set(self).sorted() }
}
