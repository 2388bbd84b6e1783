import DSCore
import DSKernels
import Testing
import TestSupport

@Suite("The registry")
struct RegistryTests {
  private static let kernels = Registry.standard.kernels
  private static let workerCounts = [1, 2, 3, 8, 64]

  @Test("Ids are unique and say what the kernel is")
  func ids() throws {
    let grammar = /f32-([a-z]+)(-[a-z0-9]+)*-([a-z0-9]+)__([a-z0-9]+)/
    for kernel in Self.kernels {
      let parts = try #require(kernel.id.wholeMatch(of: grammar), "\(kernel.id)")
      #expect(String(parts.1) == kernel.operation.rawValue)
      #expect(String(parts.3) == kernel.method.rawValue)
      #expect(String(parts.4) == kernel.instructionSet.rawValue)
      #expect(!kernel.summary.isEmpty)
      #expect(try Registry.standard.kernel(id: kernel.id).id == kernel.id)
    }
    #expect(Set(Self.kernels.map(\.id)).count == Self.kernels.count)
  }

  @Test("An unknown id is refused by name")
  func unknownKernel() {
    #expect(throws: KernelError.unknownKernel(id: "f32-depthwise-cubist__avx1024")) {
      try Registry.standard.kernel(id: "f32-depthwise-cubist__avx1024")
    }
  }

  @Test(
    "Each operator has its whole ladder",
    arguments: [
      (Operator.depthwise, [KernelMethod.naive, .tiled, .im2col, .simd, .threaded]),
      (.pointwise, [.naive, .tiled, .im2col, .simd, .threaded]),
      (.standard, [.naive, .im2col, .simd, .threaded]),
      (.dense, [.naive, .tiled, .simd, .threaded]),
      (.separable, [.fused]),
      (.invertedResidual, [.fused]),
      (.entry, [.fused]),
      (.pooled, [.fused]),
      (.reduction, [.fused]),
      (.maximumPooling, [.naive, .simd, .threaded]),
      (.averagePooling, [.naive, .simd, .threaded]),
      (.softmax, [.naive, .simd]),
    ])
  func ladder(operation: Operator, methods: [KernelMethod]) {
    for fast in FastKernelSet.all {
      let rungs = Self.kernels.filter {
        $0.operation == operation
          && ($0.channelBlock == nil || $0.instructionSet == fast.instructionSet)
      }
      #expect(Set(rungs.map(\.method)) == Set(methods), "\(fast.instructionSet)")
    }
  }

  @Test(
    "Each problem meets every rung of its ladder",
    arguments: FastKernelSet.all.map(\.instructionSet))
  func rungsAccept(instructionSet: InstructionSet) {
    for problem in NetworkProblems.tested {
      let accepted = Registry.standard.kernels(for: problem, upTo: instructionSet, workers: 2)
        .filter { $0.channelBlock == nil || $0.instructionSet == instructionSet }
      let ladder = Self.kernels.filter { $0.operation == problem.operation }.map(\.method)
      #expect(Set(accepted.map(\.method)) == Set(ladder), "'\(problem.key)'")
    }
  }

  @Test("Threaded kernels need more than one worker, and no kernel takes another's channel block")
  func acceptance() throws {
    let problem = try Problem(key: "pointwise 7x7x64->32 relu f32")
    for kernel in Self.kernels where kernel.operation == .pointwise {
      let block = kernel.channelBlock ?? 16
      #expect(
        kernel.accepts(problem, workers: 1, channelBlock: block) == (kernel.method != .threaded))
      #expect(kernel.accepts(problem, workers: 2, channelBlock: block))
      #expect(kernel.accepts(problem, workers: 2, channelBlock: 24) == (kernel.channelBlock == nil))
    }
    let bfloat = try Problem(
      Stage(.softmax, input: FeatureShape(height: 1, width: 1, channels: 10)),
      elementType: .bfloat16)
    #expect(Registry.standard.kernels(for: bfloat, upTo: .avx512, workers: 2).isEmpty)
  }

  @Test("Candidates are legal, distinct, and come back from their names", arguments: workerCounts)
  func candidates(workers: Int) throws {
    for problem in NetworkProblems.tested {
      let context = ParameterAxis.Context(problem: problem, workers: workers)
      for kernel in Registry.standard.kernels(for: problem, upTo: .avx512, workers: workers) {
        let candidates = kernel.candidates(context)
        #expect((1...2000).contains(candidates.count), "\(kernel.id) on '\(problem.key)'")
        #expect(Set(candidates).count == candidates.count)
        let legal = try candidates.allSatisfy { try kernel.values(named: kernel.named($0)) == $0 }
        #expect(legal, "\(kernel.id) on '\(problem.key)'")
      }
    }
  }

  /// At most the patches of a whole layer, or the strips between a block's stages as high as the image.
  @Test("Scratch is whole cache lines, and in proportion", arguments: workerCounts)
  func scratch(workers: Int) {
    for problem in NetworkProblems.tested {
      let context = ParameterAxis.Context(problem: problem, workers: workers)
      for kernel in Registry.standard.kernels(for: problem, upTo: .avx512, workers: workers) {
        for values in kernel.candidates(context) {
          let bytes = kernel.scratchBytesPerWorker(problem, values, channelBlock: 16)
          if bytes % 64 != 0 || !(0...(32 << 20)).contains(bytes) {
            Issue.record("\(kernel.id) \(kernel.named(values)) on '\(problem.key)': \(bytes) B")
          }
        }
      }
    }
  }
}

@Suite("Parameters from outside")
struct KernelParameterTests {
  /// Values of a candidate that runs, by name.
  private func sample(_ kernel: Kernel) throws -> [String: Int] {
    let problem = try #require(
      (NetworkProblems.all + ProblemSweep.all).first {
        kernel.accepts($0, workers: 2, channelBlock: kernel.channelBlock ?? 16)
      })
    let context = ParameterAxis.Context(problem: problem, workers: 2)
    return kernel.named(try #require(kernel.candidates(context).first))
  }

  @Test("Hostile values are refused", arguments: [0, -1, 1_000_000_000, .max, .min])
  func hostile(value: Int) throws {
    for kernel in Registry.standard.kernels {
      let good = try sample(kernel)
      for axis in kernel.parameters where !axis.legal.contains(value) {
        var parameters = good
        parameters[axis.name] = value
        let error = #expect(throws: KernelError.self, "\(kernel.id) \(parameters)") {
          try kernel.values(named: parameters)
        }
        #expect(error?.description.contains("'\(axis.name)' is \(value)") == true)
      }
    }
  }

  /// No axis may be open towards the absurd: 0 tiles in a strip means "all", nothing else may be 0.
  @Test("Every axis is bounded")
  func bounds() {
    for kernel in Registry.standard.kernels {
      for axis in kernel.parameters {
        #expect(
          axis.legal.lowerBound >= (axis.name == "stripTiles" ? 0 : 1), "\(kernel.id) \(axis.name)")
        #expect(axis.legal.upperBound <= 1 << 16, "\(kernel.id) \(axis.name)")
      }
      #expect(kernel.parameters.count <= KernelParameters.capacity)
      #expect(Set(kernel.parameters.map(\.name)).count == kernel.parameters.count)
    }
  }

  @Test("Missing and unknown names are refused")
  func names() throws {
    for kernel in Registry.standard.kernels {
      let good = try sample(kernel)
      #expect(kernel.named(try kernel.values(named: good)) == good)
      #expect(throws: KernelError.self) {
        try kernel.values(named: good.merging(["colour": 1]) { $1 })
      }
      for name in good.keys {
        #expect(throws: KernelError.self) {
          try kernel.values(named: good.filter { $0.key != name })
        }
      }
    }
  }

  @Test(
    "Register tiles that do not exist are refused",
    arguments: FastKernelSet.all.map(\.instructionSet))
  func tiles(instructionSet: InstructionSet) throws {
    let fast = try #require(FastKernelSet.all.first { $0.instructionSet == instructionSet })
    let tiled = Registry.standard.kernels.filter {
      $0.instructionSet == instructionSet && $0.parameters.contains { $0.name == "rows" }
    }
    #expect(tiled.count == 15)
    for kernel in tiled {
      for vectors in 1...(fast.mostRows.keys.max() ?? 1) {
        for rows in 1...(fast.mostRows.values.max() ?? 1) {
          var parameters = try sample(kernel)
          parameters["rows"] = rows
          parameters["vectors"] = vectors
          let isUsable = (try? kernel.values(named: parameters)) != nil
          #expect(
            isUsable == (rows <= fast.mostRows[vectors, default: 0]), "\(kernel.id) \(parameters)")
        }
      }
    }
  }

  @Test("The compatibility hash changes with the id, and with any axis's name and range")
  func compatibility() {
    for kernel in Registry.standard.kernels
    where kernel.parameters.count < KernelParameters.capacity {
      func hash(_ name: String, _ legal: ClosedRange<Int>) -> String {
        kernel.variant(id: kernel.id, idleParameter: (name, legal)).compatibility
      }
      let versions = [
        kernel.compatibility, kernel.variant(id: kernel.id + "-2").compatibility,
        hash("idle", 0...3), hash("idle", 0...4), hash("idle", 1...3), hash("other", 0...3),
      ]
      #expect(Set(versions).count == versions.count, "\(kernel.id)")
      #expect(versions.allSatisfy { $0.count == 16 })
      #expect(kernel.variant(id: kernel.id).compatibility == kernel.compatibility)
    }
  }

  @Test("The registry's signature is of its kernels, in any order")
  func signature() throws {
    let kernels = Registry.standard.kernels
    #expect(Registry(kernels.reversed()).signature == Registry.standard.signature)
    #expect(Registry(kernels.dropLast()).signature != Registry.standard.signature)
    let changed = [kernels[0].variant(id: kernels[0].id + "-2")] + kernels.dropFirst()
    #expect(Registry(changed).signature != Registry.standard.signature)
  }
}
