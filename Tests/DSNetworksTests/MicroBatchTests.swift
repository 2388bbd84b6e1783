import DSCore
import DSNetworks
import Testing

@Suite struct MicroBatchTests {
  @Test(arguments: Model.allCases, [1, 2, 3, 6])
  func layersAreThoseOfASmallerBatch(model: Model, images: Int) throws {
    let whole = try Network(model: model, batch: 6)
    let divided = whole.inMicroBatches(of: images)
    let small = try Network(model: model, batch: images)
    #expect(divided.layers == small.layers)
    #expect(divided.fusionGroups == small.fusionGroups)
    #expect(divided.microBatch == images && divided.microBatchCount == 6 / images)
    #expect(small.microBatch == images && small.microBatchCount == 1)
    // What the caller gives and gets is the whole batch's.
    #expect(divided.batch == 6 && divided.input == whole.input && divided.output == whole.output)
    #expect(divided.cost == whole.cost)
    #expect(divided.inMicroBatches(of: 6) == whole)
  }

  @Test func problemsSayHowManyImagesThereAre() throws {
    let whole = try Network(model: .mobileNetV1, width: 0.25, resolution: 32, batch: 6)
    func images(_ keys: [String]) -> Int? { whole.inMicroBatches(ofProblems: keys)?.microBatch }
    let one = "pointwise 4x4x64->64 relu6 f32"
    let two = "pointwise 2x4x4x64->64 relu6 f32"
    #expect(images([two]) == 2)
    #expect(images([one, two, two, "no problem"]) == 2)
    #expect(images([one, one, two]) == 1)
    #expect(images([one, two]) == 2)
    for other in [
      [], ["no problem"], ["pointwise 4x4x4x64->64 relu6 f32"],
      ["pointwise 12x4x4x64->64 relu6 f32"],
    ] { #expect(images(other) == nil) }
  }
}
