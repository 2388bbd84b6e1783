import DSCore
import DSNetworks
import DSTuning
import Testing

@Suite struct ProblemRoofTests {
  @Test(arguments: Model.allCases) func workersRaiseTheCeilingAndNeverBeyondTheirNumber(
    model: Model
  ) throws {
    for (problem, _) in try Network(model: model).problems.map({ ($0.problem, $0.count) }) {
      let one = ProblemRoof(problem, workers: 1, machine: TuningSamples.machine)
      let two = ProblemRoof(problem, workers: 2, machine: TuningSamples.machine)
      #expect(one.microseconds > 0 && one.microseconds.isFinite)
      #expect(two.microseconds <= one.microseconds)
      let arithmetic = Double(problem.flops) / 100 / 1000
      #expect(one.microseconds >= arithmetic * (1 - 1e-12))
      #expect(["FMA", "L1", "L2", "L3", "DRAM"].contains(one.bound))
    }
  }

  @Test func arithmeticBindsPointwiseAndTrafficDepthwise() throws {
    let network = try Network(model: .mobileNetV1)
    var machine = TuningSamples.machine
    machine.roofs.fmaGigaflopsPerCore = 250
    machine.roofs.l1GigabytesPerSecond = 100
    for layer in network.layers where layer.name.hasPrefix("conv_") {
      let roof = ProblemRoof(layer.problem, workers: 1, machine: machine)
      switch layer.stage.kind {
      case .pointwise where layer.stage.output.pixelCount >= 196: #expect(roof.bound == "FMA")
      case .depthwise: #expect(roof.bound != "FMA")
      default: break
      }
    }
  }

  /// A depthwise layer that moves four megabytes and more: beyond the second level of two cores.
  private static let wide = "depthwise 3x3 s1 p1,1 112x112x64 relu6 f32"

  @Test func coresTogetherHaveWhatTheyWereMeasuredToHave() throws {
    let problem = try Problem(key: Self.wide)
    var machine = TuningSamples.machine
    machine.roofs.fmaGigaflopsPerCore = 1000
    let bytes = Double(problem.compulsoryBytes)
    func roof(_ workers: Int, _ together: CrewBandwidth?) -> ProblemRoof {
      ProblemRoof(problem, workers: workers, machine: machine, together: together)
    }
    let shared = CrewBandwidth(workers: 4, levels: [1: 900, 2: 300, 3: 50], memory: 15)
    #expect(roof(1, shared).microseconds == bytes / 40 / 1000)
    #expect(roof(2, shared).microseconds == bytes / 50 / 1000)
    #expect(roof(4, shared).bound == "L3")
    #expect(roof(4, shared).microseconds == bytes / 50 / 1000)
    // Two of four cores cannot read more than twice what one does.
    let wide = CrewBandwidth(workers: 4, levels: [3: 150], memory: 15)
    #expect(roof(2, wide).microseconds == bytes / 80 / 1000)
    #expect(roof(4, wide).microseconds == bytes / 150 / 1000)
    // Without a total there is only the sum.
    #expect(roof(2, nil).microseconds == bytes / 80 / 1000)
    #expect(roof(2, CrewBandwidth(workers: 2)).microseconds == bytes / 80 / 1000)

    machine.caches.removeLast()
    #expect(roof(2, shared).bound == "DRAM")
    #expect(roof(2, shared).microseconds == bytes / 15 / 1000)
    #expect(roof(1, shared).microseconds == bytes / 12 / 1000)
  }

  @Test func whatIsNotMeasuredDoesNotBind() throws {
    var machine = TuningSamples.machine
    machine.roofs = .init()
    let problem = try Network(model: .mobileNetV1).layers[1].problem
    #expect(ProblemRoof(problem, workers: 1, machine: machine).microseconds == 0)
  }
}
