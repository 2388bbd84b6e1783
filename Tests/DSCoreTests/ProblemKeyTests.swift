import DSCore
import Testing

@Suite struct ProblemKeyTests {
  @Test(arguments: [
    "depthwise 3x3 s1 p1,1 112x112x32 relu6 f32",
    "depthwise 3x5 s2 p0,1,1,2 8x9x10x11 in-relu none i8",
    "pointwise 112x112x32->64 relu6 f32",
    "standard 3x3 s2 p0,1 image 224x224x3->32 relu6 f32",
    "standard 1x1 s1 p0,0 8x8x3->32 none bf16",
    "separable 3x3 s1 p1,1 112x112x32->64 relu6,relu6 f32",
    "separable 1x1 s1 p0,0 7x7x3->4 none,relu f32",
    "inverted 3x3 s1 p1,1 56x56x24->144->24 relu6,relu6,none residual f32",
    "maxpool 3x3 s2 p1,1 147x147x128 none residual f32",
    "avgpool 7x7 s1 p0,0 7x7x1024 none f32",
    "avgpool 95x83 s1 p0,0 95x83x5 none f32",
    "maxpool 300x250 s1 p0,0 2x300x250x5 none residual f32",
    "avgpool 65536x4096 s1 p0,0 65536x4096x32 none f32",
    "pooled 95x83 s1 p0,0 95x83x3->7 relu,none f32",
    "dense 1x1x1024->1000 none f32",
    "softmax 16x1x1x1000 none f32",
  ])
  func `a key that is read is written the same`(key: String) throws {
    #expect(try Problem(key: key).key == key)
  }

  @Test func `a problem is told by its key`() throws {
    var random = RandomProblems(seed: 1)
    var problems: [String: Problem] = [:]
    for _ in 0..<5000 {
      let problem = random.next()
      let key = problem.key
      #expect(try Problem(key: key) == problem, "\(key)")
      #expect(problems[key, default: problem] == problem, "two problems are called \(key)")
      problems[key] = problem
    }
    #expect(Set(problems.values.map(\.operation)).count == Operator.allCases.count)
  }

  @Test(arguments: [
    "", " ", "depthwise", "convolution 3x3 s1 p1,1 8x8x8 none f32",
    "depthwise 3x3 s0 p1,1 8x8x8 none f32", "depthwise 0x3 s1 p1,1 8x8x8 none f32",
    "depthwise 3x3 s1 p3,3 8x8x8 none f32", "depthwise 3x3 s1 p-1,1 8x8x8 none f32",
    "depthwise 3x3 s1 p1 8x8x8 none f32", "depthwise 3x3 s1 p1,1,1 8x8x8 none f32",
    "depthwise 3 s1 p1,1 8x8x8 none f32", "depthwise 3x3 s1 p1,1 0x8x8 none f32",
    "depthwise 3x3 s1 p1,1 8x8x8->9 none f32", "depthwise 9x9 s1 p0,0 8x8x8 none f32",
    "depthwise 3x3 s1 p1,1 8x8 none f32", "depthwise 3x3 s1 p1,1 1x1x8x8x8 none f32",
    "depthwise 3x3 s1 p1,1 8x8x8 tanh f32", "depthwise 3x3 s1 p1,1 8x8x8 none,none f32",
    "depthwise 3x3 s1 p1,1 8x8x8 none f64", "depthwise 3x3 s1 p1,1 8x8x8 none f32 f32",
    "depthwise 3x3 s1 p1,1 8x8x8 none", "depthwise 3x3 s1 p1,1 8x8x8 residual none f32",
    "depthwise 3x3 s1 p1,1 8x8x99999999999999999999 none f32",
    "depthwise 3x3 s1 p1,1 8x8x1048577 none f32",
    "depthwise 3x3 s1 p1,1 8x-8x-8 none f32", "depthwise 3x3 s1 p1,1 xx none f32",
    "depthwise 4096x4096 s1 p0,0 8192x8192x1 none f32", "depthwise 95x83 s1 p0,0 95x83x5 none f32",
    "avgpool 95x83 s1 p0,0 95x84x5 none f32", "avgpool 95x83 s1 p0,1 95x83x5 none f32",
    "maxpool 1048576x1048576 s1 p0,0 1048576x1048576x1 none f32",
    "pointwise 3x3 s1 p1,1 8x8x8->8 none f32", "pointwise 8x8x8 none f32",
    "pointwise 8x8x8->0 none f32", "pointwise 8x8x8-8 none f32", "pointwise 8x8x8-> none f32",
    "pointwise 8x8x8->8->8 none f32", "separable 3x3 s1 p1,1 8x8x8->8 none f32",
    "inverted 3x3 s1 p1,1 8x8x8->8 none,none,none f32", "dense 2x1x8->8 none f32",
    "softmax 1x2x8 none f32", "pointwise image 8x8x3->8 none f32",
    "depthwise 3x3 s1 p1,1 image 8x8x8 none f32",
    "separable 3x3 s1 p1,1 image 8x8x3->8 none,none f32",
    "maxpool 3x3 s2 p1,1 image 8x8x3 none f32", "dense image 1x1x8->8 none f32", "\u{0}",
    "depthwise\t3x3", "ｄepthwise 3x3 s1 p1,1 8x8x8 none f32",
    String(repeating: "depthwise ", count: 10_000), String(repeating: "x", count: 1_000_000),
  ])
  func `what is no key is refused`(key: String) {
    #expect(throws: ProblemError.self) { try Problem(key: key) }
  }

  /// Each extent is within bounds, and their product is beyond what an `Int` can count.
  @Test(arguments: [
    "depthwise 3x3 s1 p1,1 1048576x1048576x1048576x1048576 none f32",
    "pointwise 1048576x1048576x1048576x1048576->1048576 none f32",
    "pointwise 1048576x8192x1x1->1048576 none f32",
    "standard 64x64 s1 p63,63 1048576x1x1x8192->1048576 none f32",
    "standard 3x3 s1 p1,1 512x512x32768->32768 none f32",
    "dense 262144x1x1x32768->65536 none f32",
  ])
  func `a problem too large to count is refused`(key: String) {
    #expect(throws: ProblemError.self) { try Problem(key: key) }
  }

  @Test func `a largest problem can still be counted`() throws {
    let problem = try Problem(key: "inverted 1x1 s1 p0,0 32768x1x1->1->1 none,none,none f32")
    #expect(problem.multiplyAdds == 3 * 32768)
    let large = try Problem(key: "pointwise 1048576x8192x1->1 none f32")
    #expect(large.multiplyAdds == 1 << 33 && large.compulsoryBytes > 1 << 36)
  }

  /// Keys with a letter missing, doubled or replaced: read or refused, never trapped.
  @Test func `damaged keys never trap`() {
    var random = RandomProblems(seed: 2)
    var generator = SeededGenerator(seed: 3)
    let letters = Array("0123456789x,->pinsfrelu ".utf8)
    for _ in 0..<5000 {
      var key = Array(random.next().key.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = key.indices.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: key[place] = letters.randomElement(using: &generator) ?? 0
        case 1: key.insert(key[place], at: place)
        default: if key.count > 1 { key.remove(at: place) }
        }
      }
      let text = String(decoding: key, as: UTF8.self)
      if let problem = try? Problem(key: text) {
        #expect((try? Problem(key: problem.key)) == problem, "\(text)")
      }
    }
  }

  @Test func `an error says what is wrong and how a key looks`() {
    #expect {
      try Problem(key: "depthwise 3x3 s1 p1,1 8x8x8 tanh f32")
    } throws: { error in
      let text = "\(error)"
      return text.contains("'tanh' is no activation") && text.contains("a key looks like")
    }
  }
}
