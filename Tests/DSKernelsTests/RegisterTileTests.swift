import DSCore
import DSKernels
import Testing
import TestSupport

/// The tables say which register tiles exist, and the kernels' switches are compiled unchecked: a
/// tile that is declared and missing would run off into nowhere. So each declared one runs.
@Suite("Every declared register tile exists")
struct RegisterTileTests {
  private static let instructionSets = KernelCorrectnessTests.instructionSets

  /// Panels of fewer vectors than asked for occur too: five are cut 5 by a tile of 8, not 4 + 1. The last vector is
  /// full, half full (which may have a tile of its own) or holds a channel more than half.
  @Test("Matrix product: each number of rows and vectors", arguments: instructionSets)
  func products(instructionSet: InstructionSet) throws {
    let fast = try #require(FastKernelSet.all.first { $0.instructionSet == instructionSet })
    let kernel = try Registry.standard.kernel(
      id: "f32-pointwise-simd__\(instructionSet.rawValue)")
    for (most, mostRows) in fast.mostRows.sorted(by: { $0.key < $1.key }) {
      for vectors in 1...most {
        for rows in 1...mostRows {
          for missing in [0, fast.lanes / 2, fast.lanes / 2 - 1] {
            let problem = try Problem(
              Stage(
                .pointwise, input: FeatureShape(height: 1, width: rows, channels: 3),
                outputChannels: vectors * fast.lanes - missing, activation: .relu,
                addsResidual: rows % 2 == 1))
            try expectExact(
              kernel, ["rows": rows, "vectors": most, "stripTiles": rows % 3, "rowParts": 1],
              problem)
          }
        }
      }
    }
  }

  /// Three tiles to a row: one over the left edge, one inside, one over the right edge.
  @Test("Depthwise: each window and number of columns", arguments: instructionSets)
  func depthwise(instructionSet: InstructionSet) throws {
    var tiled = 0
    for (size, stride) in [(3, 1), (3, 2), (5, 1), (5, 2), (7, 1), (7, 2)] {
      for activation in [Activation.none, .relu] {
        try forEachColumnCount(
          .depthwise, windowSize: size, stride: stride, instructionSet: instructionSet
        ) { width in
          Stage(
            .depthwise, input: FeatureShape(height: size + 1, width: width, channels: 19),
            window: Window(
              size: size, stride: stride, padding: Padding(before: size / 2, after: size / 2)),
            inputActivation: activation)
        } body: { kernel, values, problem in
          tiled += 1
          try expectExact(kernel, values, problem)
        }
      }
    }
    #expect(tiled > 20)
  }

  @Test("First layer: each number of columns and vectors", arguments: instructionSets)
  func image(instructionSet: InstructionSet) throws {
    let lanes = instructionSet.channelBlock(.float32)
    var tiled = 0
    for (size, stride, channels) in [(3, 1, lanes), (3, 2, 2 * lanes), (5, 2, 3 * lanes - 1)] {
      try forEachColumnCount(
        .standard, windowSize: size, stride: stride, instructionSet: instructionSet
      ) { width in
        Stage(
          .standard, input: FeatureShape(height: size + 2, width: width, channels: 3),
          window: Window(
            size: size, stride: stride, padding: Padding(before: size / 2, after: size / 2)),
          outputChannels: channels, readsImage: true)
      } body: { kernel, values, problem in
        tiled += 1
        try expectExact(kernel, values, problem)
      }
    }
    #expect(tiled >= 30)
  }

  /// For the one-threaded kernel that begins with a `columns` parameter: each of its values, on rows of three
  /// such tiles, with each value of the second parameter if it has one.
  private func forEachColumnCount(
    _ operation: Operator, windowSize: Int, stride: Int, instructionSet: InstructionSet,
    stage: (_ width: Int) -> Stage,
    body: (Kernel, [String: Int], Problem) throws -> Void
  ) throws {
    func problem(columns: Int) throws -> Problem {
      try Problem(stage((3 * columns - 1) * stride + windowSize - windowSize / 2 * 2))
    }
    let probe = try problem(columns: 2)
    let kernel = try #require(
      Registry.standard.kernels(for: probe, upTo: instructionSet, workers: 1).first {
        $0.method == .simd && $0.instructionSet == instructionSet
          && $0.parameters.first?.name == "columns"
      })
    for columns in try #require(kernel.parameters.first).legal {
      let problem = try problem(columns: columns)
      #expect(problem.output.width == 3 * columns)
      guard let second = kernel.parameters.dropFirst().first else {
        try body(kernel, ["columns": columns], problem)
        continue
      }
      for value in second.legal {
        try body(kernel, ["columns": columns, second.name: value], problem)
      }
    }
  }

  private func expectExact(
    _ kernel: Kernel, _ parameters: [String: Int], _ problem: Problem
  ) throws {
    let values = try kernel.values(named: parameters)
    let channelBlock = kernel.instructionSet.channelBlock(.float32)
    let trial = KernelTrial(problem, channelBlock: channelBlock, values: .integers)
    let expected = trial.reference().values.map { Float($0) }
    for halvesApart in [false, true] {
      let output = trial.run(kernel, values, workers: 1, halvesApart: halvesApart)
      let isExact = output.values == expected
      #expect(
        isExact && output.paddingIsZero,
        "\(kernel.id) \(parameters) on '\(problem.key)', halves apart: \(halvesApart)")
    }
  }
}
