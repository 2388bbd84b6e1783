import DSCore
import DSNetworks
import FuzzHarness

extension FuzzedReader {
  static let network = FuzzedReader("network", mostBytes: 768) { bytes in
    do throws(NetworkError) {
      let definition = try NetworkDefinition(json: Array(bytes))
      guard let text = try? definition.json() else { finding("cannot be written") }
      expect(
        (try? NetworkDefinition(json: Array(text.utf8))) == definition, "written otherwise: \(text)"
      )
      check(try Network(definition))
    } catch {
      expectSentence(error)
    }
  }

  /// What everything after reading takes for granted.
  private static func check(_ network: Network) {
    expect(network.output.elementCount == network.classCount, "output \(network.output)")
    for (index, layer) in network.layers.enumerated() {
      expect((try? Problem(key: layer.problem.key)) == layer.problem, layer.problem.key)
      for source in [layer.input, layer.residual].compactMap(\.self) {
        expect(source >= 0 && source < index, "layer \(index) reads \(source)")
      }
    }
    let cost = network.cost
    expect(cost.multiplyAdds >= 0 && cost.standardMultiplyAdds >= 0, "cost \(cost)")
    for group in network.fusionGroups {
      expect(!group.problem.key.isEmpty, "a block without a key")
    }
  }

  static let keys = FuzzedReader("keys", mostBytes: 128) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    if let pattern = CorePattern(text) {
      expect(CorePattern(pattern.description) == pattern, "written otherwise: \(pattern)")
    }
    do throws(ProblemError) {
      let problem = try Problem(key: text)
      let key = problem.key
      expect((try? Problem(key: key)) == problem, "written otherwise: \(key)")
      expect(
        problem.stages.allSatisfy { $0.multiplyAdds >= 0 && $0.compulsoryBytes(.float32) > 0 },
        "sizes of \(key)")
    } catch {
      expectSentence(error)
    }
  }
}
