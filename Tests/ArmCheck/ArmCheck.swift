import DSCore
import DSKernelsBaseline

// The vector kernels compiled for Arm, on integers small enough for every order to be exact, against
// nested loops. Compiled without an operating system's library, so there is no test framework.

/// A feature map [image][row][column][channel].
struct Map {
  var shape: FeatureShape
  var values: [Float]

  subscript(image: Int, row: Int, column: Int, channel: Int) -> Float {
    values[((image * shape.height + row) * shape.width + column) * shape.channels + channel]
  }
}

struct Case {
  var name: StaticString
  var stages: [Stage]
  var parameters: [Int]
  var run: (UnsafePointer<KernelCall>, Int, Int) -> Void
  var panels: [Int]
  /// Whether the weights are packed for Strassen's algorithm.
  var isStrassen = false
}

extension AlignedBuffer {
  convenience init(byteCount: Int) {
    let base = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    self.init(base: base, byteCount: byteCount) { address, _ in address.deallocate() }
  }
}

var random: UInt32 = 1
func integer() -> Float {
  random = random &* 1_664_525 &+ 1_013_904_223
  return Float(Int(random >> 24) % 5 - 2)
}

func integers(_ count: Int) -> [Float] { (0..<count).map { _ in integer() } }

func convolved(_ stage: Stage, _ input: Map, _ weights: StageWeights) -> Map {
  var output: [Float] = []
  let shape = stage.output
  let isDepthwise = stage.kind == .depthwise
  for image in 0..<shape.batch {
    for y in 0..<shape.height {
      for x in 0..<shape.width {
        for channel in 0..<shape.channels {
          var sum = weights.bias[channel]
          for i in 0..<stage.window.height {
            for j in 0..<stage.window.width {
              let row = y * stage.window.stride - stage.window.padding.top + i
              let column = x * stage.window.stride - stage.window.padding.left + j
              guard row >= 0, row < input.shape.height, column >= 0, column < input.shape.width
              else { continue }
              let tap = i * stage.window.width + j
              if isDepthwise {
                sum +=
                  input[image, row, column, channel]
                  * weights.kernel[tap * shape.channels + channel]
                continue
              }
              for source in 0..<input.shape.channels {
                let index = (tap * input.shape.channels + source) * shape.channels + channel
                sum += input[image, row, column, source] * weights.kernel[index]
              }
            }
          }
          output.append(max(stage.activation.lowerBound, min(stage.activation.upperBound, sum)))
        }
      }
    }
  }
  return Map(shape: shape, values: output)
}

/// Maximum or mean of each window, all of it inside the map.
func pooled(_ stage: Stage, _ input: Map) -> Map {
  var output = Map(
    shape: stage.output, values: [Float](repeating: 0, count: stage.output.elementCount))
  forEachElement(stage.output) { index, image, y, x, channel in
    var values: [Float] = []
    for i in 0..<stage.window.height {
      for j in 0..<stage.window.width {
        let (row, column) = (y * stage.window.stride + i, x * stage.window.stride + j)
        values.append(input[image, row, column, channel])
      }
    }
    var result = values[0]
    for value in values.dropFirst() {
      result = stage.kind == .maximumPooling ? max(result, value) : result + value
    }
    output.values[index] =
      stage.kind == .maximumPooling ? result : result / Float(values.count)
  }
  return output
}

/// How many values a kernel gets wrong, with one and with two workers.
func mistakes(_ test: Case) -> Int {
  let lanes = 4
  let first = test.stages[0]
  let input = Map(shape: first.input, values: integers(first.input.elementCount))
  var expected = input
  var calls: [StageCall] = []
  for (index, stage) in test.stages.enumerated() {
    if !stage.hasWeights {
      expected = pooled(stage, expected)
      calls.append(StageCall(stage, weights: calls[0].weights))
      continue
    }
    let weights = StageWeights(
      kernel: integers(stage.weightCount), bias: integers(stage.outputChannels))
    expected = convolved(stage, expected, weights)
    let packing: Packing =
      test.isStrassen
      ? .strassen(vectors: test.panels[index], lanes: lanes)
      : stage.kind == .depthwise
        ? .taps(lanes: lanes) : .panels(vectors: test.panels[index], lanes: lanes)
    let packed = AlignedBuffer(byteCount: packing.byteCount(stage))
    packing.pack(weights, stage, into: packed.base)
    calls.append(StageCall(stage, weights: UnsafeRawPointer(packed.base)))
    kept.append(packed)
  }
  let from = TensorLayout(shape: input.shape, channelBlock: lanes)
  let to = TensorLayout(shape: expected.shape, channelBlock: lanes)
  let source = AlignedBuffer(byteCount: max(from.byteCount, input.values.count * 4))
  forEachElement(input.shape) { index, image, row, column, channel in
    let offset =
      first.readsImage
      ? index * 4 : from.byteOffset(image: image, row: row, column: column, channel: channel)
    source.base.storeBytes(of: input.values[index], toByteOffset: offset, as: Float.self)
  }
  let target = AlignedBuffer(byteCount: to.byteCount)
  let scratch = AlignedBuffer(byteCount: 2 << 20)
  kept += [source, target, scratch]
  var wrong = 0
  for workers in 1...2 {
    var call = KernelCall(
      input: UnsafeRawPointer(source.base), inputPlaneBytes: from.planeBytes, output: target.base,
      outputPlaneBytes: to.planeBytes, residual: nil, residualPlaneBytes: to.planeBytes,
      scratch: scratch.base, scratchBytesPerWorker: 1 << 20, channelBlock: lanes,
      parameters: KernelParameters(test.parameters), stages: calls)
    for worker in 0..<workers { test.run(&call, worker, workers) }
    forEachElement(expected.shape) { index, image, row, column, channel in
      let offset = to.byteOffset(image: image, row: row, column: column, channel: channel)
      let value = target.base.load(fromByteOffset: offset, as: Float.self)
      if value != expected.values[index] { wrong += 1 }
      target.base.storeBytes(of: .nan, toByteOffset: offset, as: Float.self)
    }
  }
  return wrong
}

/// Nothing is freed before the end: calls hold plain addresses.
var kept: [AlignedBuffer] = []

func forEachElement(_ shape: FeatureShape, _ body: (Int, Int, Int, Int, Int) -> Void) {
  var index = 0
  for image in 0..<shape.batch {
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels {
          body(index, image, row, column, channel)
          index += 1
        }
      }
    }
  }
}

func cases() -> [Case] {
  let shape = FeatureShape(batch: 2, height: 9, width: 13, channels: 10)
  let image = FeatureShape(batch: 2, height: 17, width: 21, channels: 3)
  let window = Window(size: 3, stride: 1, padding: Padding(before: 1, after: 1))
  let strided = Window(size: 3, stride: 2, padding: Padding(before: 0, after: 1))
  let depthwise = Stage(.depthwise, input: shape, window: window, activation: .relu6)
  let halved = Stage(.depthwise, input: shape, window: strided, activation: .relu)
  let expand = Stage(.pointwise, input: shape, outputChannels: 22, activation: .relu6)
  let inner = Stage(.depthwise, input: expand.output, window: window, activation: .relu6)
  let stem = Stage(
    .standard, input: image, window: strided, outputChannels: 10, activation: .relu6,
    readsImage: true)
  let next = Stage(.depthwise, input: stem.output, window: window, activation: .relu)
  func project(_ stage: Stage) -> Stage {
    Stage(.pointwise, input: stage.output, outputChannels: 19)
  }
  let wide = Stage(.pointwise, input: depthwise.output, outputChannels: 19)
  let maximum = Stage(
    .maximumPooling, input: wide.output, window: Window(size: 3, stride: 2), outputChannels: 19)
  let mean = Stage(
    .averagePooling, input: expand.output, window: Window(height: 9, width: 13))
  let standard = Stage(.standard, input: shape, window: window, outputChannels: 9)
  return [
    Case(name: "depthwise", stages: [depthwise], parameters: [5], run: runDepthwise, panels: [0]),
    Case(
      name: "depthwise s2", stages: [halved], parameters: [7], run: runDepthwise, panels: [0]),
    Case(
      name: "pointwise", stages: [expand], parameters: [5, 2, 1, 2], run: runPointwise,
      panels: [2]),
    Case(
      name: "pointwise, Strassen", stages: [expand], parameters: [5, 2, 2, 1], run: runStrassen,
      panels: [2], isStrassen: true),
    Case(
      name: "standard", stages: [standard], parameters: [3, 3, 2], run: runStandard, panels: [3]),
    Case(name: "image", stages: [stem], parameters: [5, 2], run: runImage, panels: [2]),
    Case(
      name: "separable", stages: [depthwise, project(depthwise)], parameters: [4, 2, 2, 5, 0],
      run: runSeparable, panels: [0, 2]),
    Case(
      name: "inverted", stages: [expand, inner, project(inner)], parameters: [5, 2, 2, 5],
      run: runRollingBlock, panels: [2, 0, 2]),
    Case(
      name: "entry", stages: [stem, next, project(next)], parameters: [5, 1, 3, 5, 5, 2],
      run: runRollingBlock, panels: [2, 0, 1]),
    Case(
      name: "pooled", stages: [expand, mean], parameters: [5, 2, 0], run: runPooled,
      panels: [2, 0]),
    Case(
      name: "reduction", stages: [depthwise, wide, maximum], parameters: [4, 2, 2, 5],
      run: runReduction, panels: [0, 2, 0]),
  ]
}

@_cdecl("arm_check_main")
func armCheck() -> Int32 {
  var failures: Int32 = 0
  for test in cases() {
    let wrong = mistakes(test)
    print(test.name, terminator: "")
    if wrong > 0 { failures += 1 }
    print(wrong == 0 ? ": every value agrees" : ": WRONG VALUES")
  }
  return failures
}
