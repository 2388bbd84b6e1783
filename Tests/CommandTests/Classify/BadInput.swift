import TestSupport
import Testing

/// One thing to get wrong, and what `dsclassify` has to say of it.
struct BadInput: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let exitCode: Int32
  /// Part of the one sentence.
  let sentence: String
  /// Added to a good command line; @ is the path of a file that holds `bytes`.
  let words: [String]
  let image: String?
  let bytes: [UInt8]

  init(
    _ name: String, exits exitCode: Int32, says sentence: String, words: [String] = [],
    image: String? = nil, bytes: some Sequence<UInt8> = []
  ) {
    testDescription = name
    self.exitCode = exitCode
    self.sentence = sentence
    self.words = words
    self.image = image
    self.bytes = Array(bytes)
  }

  /// Runs it and checks that it ends as said, with one sentence and no trace in the folder.
  func check() throws {
    try ClassifyScene.with { scene in
      let path = scene.folder + "/bad"
      try scene.write(bytes, to: path)
      let run = try scene.classify(
        words.map { $0.replacing("@", with: path) }, image: image?.replacing("@", with: path))
      #expect(run.signal == nil && run.exitCode == exitCode, "\(run)")
      #expect(run.output.isEmpty)
      #expect(run.talk.hasPrefix("dsclassify: error: "), "\(run.talk)")
      #expect(run.talk.contains(sentence), "\(run.talk)")
      let lines = run.talk.split(separator: "\n")
      #expect(lines.count == 1 || lines.count == 2 && lines[1].hasPrefix("hint: "))
      #expect(try scene.isUntouched(besides: ["bad"]))
    }
  }
}

@Suite("dsclassify on bad input")
struct BadInputTests {
  @Test(arguments: BadInput.words) func wrongWords(input: BadInput) throws { try input.check() }
  @Test(arguments: BadInput.weights) func brokenWeights(input: BadInput) throws {
    try input.check()
  }
  @Test(arguments: try BadInput.images) func brokenImages(input: BadInput) throws {
    try input.check()
  }
  @Test(arguments: try BadInput.schedules) func brokenSchedules(input: BadInput) throws {
    try input.check()
  }
  @Test(arguments: BadInput.labels) func brokenLabels(input: BadInput) throws {
    try input.check()
  }
}
