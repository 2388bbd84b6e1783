import DSCore
import DSKernels
import Foundation
import TestSupport
import Testing

/// The oracle against another one, written apart from it in NumPy: `Scripts/make-reference-fixtures`.
@Suite("The Float64 reference against NumPy")
struct ReferenceFixtureTests {
  private struct Fixture: Decodable {
    var problem, input, residual, output: String
    var kernels, biases: [String]
  }

  private static func numbers(_ text: String) throws -> [Double] {
    try text.split(separator: " ").map { try #require(Double(String($0)), "\($0)") }
  }

  @Test("Every operator, padding, stride and activation, with NaN and infinities")
  func operators() throws {
    let fixtures = try JSONDecoder().decode(
      [Fixture].self, from: Fixtures.data("reference/operators.json"))
    var operations: Set<Operator> = []
    var undefined = 0
    for fixture in fixtures {
      let problem = try Problem(key: fixture.problem)
      operations.insert(problem.operation)
      let weights = try zip(fixture.kernels, fixture.biases).map { kernel, bias in
        StageWeights(
          kernel: try Self.numbers(kernel).map { Float($0) },
          bias: try Self.numbers(bias).map { Float($0) })
      }
      let residual = try problem.addsResidual ? Self.numbers(fixture.residual) : nil
      let output = Reference.evaluate(
        problem,
        input: ReferenceTensor(shape: problem.input, values: try Self.numbers(fixture.input)),
        weights: weights,
        residual: residual.map { ReferenceTensor(shape: problem.output, values: $0) })
      let expected = try Self.numbers(fixture.output)
      #expect(output.values.count == expected.count, "'\(fixture.problem)'")
      let wrong = zip(output.values, expected).filter { found, right in
        if right.isNaN { return !found.isNaN }
        return right.isInfinite ? found != right : !((found - right).magnitude <= 1e-12)
      }
      #expect(wrong.isEmpty, "'\(fixture.problem)': \(wrong.prefix(3))")
      undefined += expected.count(where: \.isNaN)
    }
    #expect(operations == Set(Operator.allCases))
    #expect(undefined > 100)
  }
}
