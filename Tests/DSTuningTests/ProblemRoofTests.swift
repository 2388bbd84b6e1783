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
    for layer in network.layers where layer.name.hasPrefix("conv_") {
      let roof = ProblemRoof(layer.problem, workers: 1, machine: TuningSamples.machine)
      switch layer.stage.kind {
      case .pointwise where layer.stage.input.channels >= 128: #expect(roof.bound == "FMA")
      case .depthwise: #expect(roof.bound != "FMA")
      default: break
      }
    }
  }

  @Test func whatIsNotMeasuredDoesNotBind() throws {
    var machine = TuningSamples.machine
    machine.roofs = .init()
    let problem = try Network(model: .mobileNetV1).layers[1].problem
    #expect(ProblemRoof(problem, workers: 1, machine: machine).microseconds == 0)
  }
}
