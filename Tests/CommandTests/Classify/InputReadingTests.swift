import DSRuntime
import Foundation
import TestSupport
import Testing

@Suite("What dsclassify reads")
struct InputReadingTests {
  /// All of them open with the format's own library; none has an unusual tensor that the network reads.
  @Test(arguments: [
    "leading-space", "metadata-null", "unused-C64", "unused-F4", "unused-F8_E4M3FNUZ",
    "unused-F8_E8M0",
  ])
  func weightsThatTheirLibraryOpens(name: String) throws {
    try Fixtures.withTemporaryFolder { folder in
      let output = folder + "/scores.npy"
      let files = Fixtures.path("safetensors")
      let run = try CommandRun(
        "dsclassify",
        [
          "-m", files + "/network.json", "-W", "\(files)/\(name).safetensors", "--logits",
          "-o", output, files + "/in.npy",
        ])
      #expect(run.exitCode == 0, "\(run.talk)")
      let expected = try NumpyArray(contentsOf: files + "/scores.npy")
      let scores = try NumpyArray(contentsOf: output)
      #expect(scores.shape == expected.shape)
      #expect(zip(scores.values, expected.values).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func aPhotographIsTurnedAndThisIsSaid() throws {
    try ClassifyScene.with { scene in
      let photograph = Fixtures.path("images/orientation-6.jpg")
      let run = try scene.classify(image: photograph)
      #expect(run.exitCode == 0)
      #expect(
        run.talk == "\(photograph): turned by 90 degrees clockwise, as its EXIF orientation says\n")
      let turned = try scene.output().values
      #expect(try scene.classify(image: photograph + ".ppm").exitCode == 0)
      #expect(try scene.output().values == turned)
    }
  }

  @Test func shrinkingWithoutAntialiasingIsSaid() throws {
    try ClassifyScene.with { scene in
      let large = Fixtures.path("images/rgb.png")  // 13 by 9
      #expect(try scene.classify(image: large).talk.isEmpty)
      let run = try scene.classify(["--resize", "bilinear"], image: large)
      #expect(
        run.talk.hasPrefix(
          "\(large): shrunk from 13x9 to 8x8 by bilinear without antialiasing"), "\(run.talk)")
      let small = try CommandRun(
        "dsclassify",
        [
          "-m", scene.networkPath, "-W", "seed:0", "-r", "16", "--resize", "bilinear",
          scene.imagePath,
        ])
      #expect(small.exitCode == 0 && small.talk.isEmpty, "\(small.talk)")
    }
  }

  @Test func withoutASoftmaxThereAreScoresAndNoProbabilities() throws {
    try ClassifyScene.with { scene in
      let softmax = ",\n   {\"kind\": \"softmax\", \"name\": \"probabilities\"}"
      let text = ClassifyScene.networkText
      try #require(text.contains(softmax))
      try scene.write(text.replacing(softmax, with: "").utf8, to: scene.networkPath)

      let run = try scene.classify(["--top", "1"])
      #expect(run.exitCode == 0)
      let scores = try scene.output().values
      let best = try #require(scores.max())
      let rows = run.output.split(separator: "\n").map(String.init)
      #expect(rows.first?.contains("score") == true && rows.last?.contains("\(best)") == true)
      #expect(!run.output.contains("%") && !run.output.contains("probability"), "\(run.output)")

      let json = try scene.classify(["--top", "1", "--format", "json"])
      let result = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let first = try #require((result?["top"] as? [[String: Any]])?.first)
      #expect(first["probability"] is NSNull)
      #expect((first["logit"] as? Double).map { Float($0) } == best)
      #expect(try scene.classify(["--logits"]).exitCode == 0)
      #expect(try scene.output().values == scores)
    }
  }
}
