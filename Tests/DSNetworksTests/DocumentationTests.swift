import DSNetworks
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct DocumentationTests {
  private static func page() throws -> String {
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = package.appending(path: "Documentation/NetworkFormat.md").path
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func `the example of the format's page is a network`() throws {
    let page = try Self.page()
    let fence = try #require(page.firstRange(of: "```json\n"))
    let end = try #require(page[fence.upperBound...].firstRange(of: "```"))
    let text = page[fence.upperBound..<end.lowerBound]
    let network = try Network(NetworkDefinition(json: Array(text.utf8)))
    #expect(network.name == "small" && network.layers.count == 7)
    #expect(network.fusionGroups.contains { $0.problem.operation == .invertedResidual })
  }

  @Test func `the page's change of a model gives a network`() throws {
    var definition = try Model.mobileNetV2.definition(width: 0.5, resolution: 160)
    definition.layers.removeAll { $0.name.hasPrefix("block_16") }
    let network = try Network(definition)
    #expect(network.layers.count == 52 && network.width == 0.5)
  }
}
