import DSCore
import DSNetworks
import Testing

@Suite struct ProblemKeyTests {
  @Test(arguments: Model.allCases, [1, 8])
  func `keys of the networks' problems name them`(model: Model, batch: Int) throws {
    for type in ElementType.allCases {
      let network = try Network(model: model, batch: batch, elementType: type)
      let all = network.problems.map(\.problem) + network.fusionGroups.map(\.problem)
      for problem in all { #expect(try Problem(key: problem.key) == problem) }
      #expect(Set(all.map(\.key)).count == Set(all).count)
    }
  }
}
