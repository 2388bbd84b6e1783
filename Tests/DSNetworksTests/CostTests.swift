import DSNetworks
import Testing

@Suite struct CostTests {
  struct Published: Sendable, CustomTestStringConvertible {
    var model: Model
    var width = 1.0
    var resolution: Int?
    var millions: Int
    var testDescription: String { "\(model.rawValue) \(width) \(resolution ?? 0)" }
  }

  /// Tables 4, 6 and 7 of arXiv:1704.04861, and table 4 of arXiv:1801.04381.
  static let multiplyAdds = [
    Published(model: .mobileNetV1, millions: 569),
    Published(model: .mobileNetV1, width: 0.75, millions: 325),
    Published(model: .mobileNetV1, width: 0.5, millions: 149),
    Published(model: .mobileNetV1, width: 0.25, millions: 41),
    Published(model: .mobileNetV1, resolution: 192, millions: 418),
    // 290.68: the paper rounds this one down.
    Published(model: .mobileNetV1, resolution: 160, millions: 290),
    Published(model: .mobileNetV1, resolution: 128, millions: 186),
    // 300.8: given as "300M".
    Published(model: .mobileNetV2, millions: 300),
  ]

  @Test(arguments: multiplyAdds)
  func `multiply-adds are the published ones`(row: Published) throws {
    let network = try Network(model: row.model, width: row.width, resolution: row.resolution)
    let exact = Double(network.cost.multiplyAdds) / 1e6
    #expect([exact.rounded(), exact.rounded(.down)].contains(Double(row.millions)), "\(exact)")
  }

  @Test(arguments: [
    (Model.mobileNetV1, 4_253_864), (.mobileNetV2, 3_538_984), (.xception, 22_910_480),
  ])
  func `parameters are those that Keras counts`(model: Model, count: Int) throws {
    let cost = try Network(model: model).cost
    #expect(cost.parameters == count)
    #expect(cost.parameters == cost.layers.reduce(0) { $0 + $1.parameters })
  }

  @Test func `MobileNet v1 with standard convolutions costs what the paper says`() throws {
    let cost = try Network(model: .mobileNetV1).cost
    #expect((Double(cost.standardMultiplyAdds) / 1e6).rounded() == 4866)
    #expect((Double(cost.standardParameters) / 1e5).rounded() == 293)
  }

  @Test func `a separable pair is compared with the convolution it replaces`() throws {
    let rows = try Network(model: .mobileNetV1).cost.layers
    let pair = rows.filter { $0.name == "conv_dw_3" || $0.name == "conv_pw_3" }
    #expect(pair.count == 2)
    #expect(pair[0].standardMultiplyAdds == 0 && pair[0].standardParameters == 0)
    #expect(pair[1].standardMultiplyAdds == 56 * 56 * 9 * 128 * 128)
    #expect(pair[1].standardParameters == 9 * 128 * 128 + 4 * 128)
    // The saving the paper derives in section 3.1: 1/N + 1/k².
    let separable = Double(pair[0].multiplyAdds + pair[1].multiplyAdds)
    #expect(abs(separable / Double(pair[1].standardMultiplyAdds) - (1.0 / 128 + 1.0 / 9)) < 1e-12)
  }

  @Test func `a convolution that replaces none stands for itself`() throws {
    let rows = try Network(model: .mobileNetV2).cost.layers
    for name in ["Conv1", "block_1_expand", "Conv_1"] {
      let row = try #require(rows.first { $0.name == name })
      #expect(row.multiplyAdds > 0 && row.standardMultiplyAdds == row.multiplyAdds)
      #expect(row.standardParameters == row.parameters)
    }
  }

  @Test func `a batch multiplies the work and not the parameters`() throws {
    let one = try Network(model: .xception, resolution: 71).cost
    let eight = try Network(model: .xception, resolution: 71, batch: 8).cost
    #expect(eight.multiplyAdds == 8 * one.multiplyAdds)
    #expect(eight.standardMultiplyAdds == 8 * one.standardMultiplyAdds)
    #expect(eight.parameters == one.parameters)
  }
}
