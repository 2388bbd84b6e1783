import DSCore
import DSNetworks
import Testing

@Suite struct FusionTests {
  @Test(arguments: Model.allCases)
  func `groups are chains nobody looks into`(model: Model) throws {
    let network = try Network(model: model)
    #expect(!network.fusionGroups.isEmpty)
    for group in network.fusionGroups {
      let layers = network.layers[group.layers]
      #expect(group.problem.stages == layers.map(\.stage))
      #expect(group.problem.operation.stageKinds == layers.map(\.stage.kind))
      for inner in group.layers.dropLast() {
        #expect(network.readers[inner] == [inner + 1])
        #expect(network.layers[inner].residual == nil)
        #expect(network.layers[inner + 1].residual != inner)
      }
    }
    #expect(Set(network.fusionGroups.map(\.layers)).count == network.fusionGroups.count)
  }

  @Test func `every separable pair of the three networks may be fused`() throws {
    for (model, pairs) in [(Model.mobileNetV1, 13), (.mobileNetV2, 17), (.xception, 34)] {
      let groups = try Network(model: model).fusionGroups
      #expect(groups.count { $0.problem.operation == .separable } == pairs)
    }
  }

  @Test func `v2's sixteen inverted residuals may be fused whole`() throws {
    let network = try Network(model: .mobileNetV2)
    let whole = network.fusionGroups.filter {
      $0.problem.operation == .invertedResidual
        && network.layers[$0.layers.lowerBound].name.hasSuffix("_expand")
    }
    #expect(whole.count == 16)
    #expect(whole.count { $0.problem.addsResidual } == 10)
    #expect(
      whole[0].problem.key
        == "inverted 3x3 s2 p0,1 112x112x16->96->24 relu6,relu6,none f32")
  }

  @Test func `an output that its reader also adds is never inside a group`() throws {
    let text = """
      {"schema": "dstune.network/1.0", "name": "loop", "input": [8, 8, 3], "classes": 4, "layers": [
        {"kind": "standard", "name": "stem", "kernel": 3, "padding": "same", "channels": 8},
        {"kind": "depthwise", "name": "d", "kernel": 3, "padding": "same"},
        {"kind": "pointwise", "name": "p", "channels": 8RESIDUAL},
        {"kind": "avgpool", "name": "mean"}, {"kind": "dense", "name": "scores", "channels": 4}]}
      """
    // Stem, depthwise and pointwise may be one block, or the last two of them, or pointwise and mean.
    for (residual, groups) in [("", 3), (#", "residual": "stem""#, 1), (#", "residual": "d""#, 0)] {
      let edited = text.replacing("RESIDUAL", with: residual)
      let network = try Network(NetworkDefinition(json: Array(edited.utf8)))
      #expect(network.fusionGroups.count == groups, "\(residual)")
    }
  }

  @Test func `an output that two layers read is never inside a group`() throws {
    let network = try Network(model: .mobileNetV2)
    let projection = try #require(network.layers.firstIndex { $0.name == "block_1_project" })
    #expect(network.readers[projection].count == 2)
    for group in network.fusionGroups {
      #expect(!group.layers.dropLast().contains(projection))
    }
  }
}
