/// Takes the words of a problem key one by one.
struct KeyReader {
  let key: String
  private var words: ArraySlice<Substring>

  init(key: String) {
    self.key = key
    words = key.split(separator: " ")[...]
  }

  func failure(_ reason: String) -> ProblemError { .malformedKey(key: key, reason: reason) }

  private mutating func next(_ what: String) throws(ProblemError) -> Substring {
    guard let word = words.popFirst() else { throw failure("it ends before the \(what)") }
    return word
  }

  mutating func takes(_ word: String) -> Bool {
    guard words.first.map(String.init) == word else { return false }
    words.removeFirst()
    return true
  }

  mutating func operation() throws(ProblemError) -> Operator {
    let word = try next("operator")
    guard let operation = Operator(rawValue: String(word)) else {
      let names = Operator.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure("'\(word)' is no operator (\(names))")
    }
    return operation
  }

  mutating func window() throws(ProblemError) -> Window {
    let size = try integers(try next("window"), separator: "x", "window")
    let stride = try integers(try prefixed("s", "stride"), separator: ",", "stride")
    let padding = try integers(try prefixed("p", "padding"), separator: ",", "padding")
    guard size.count == 2, stride.count == 1, padding.count == 2 || padding.count == 4 else {
      throw failure("a window is written '3x3 s1 p1,1'")
    }
    let sides = padding.count == 4 ? padding : padding + padding
    return Window(
      height: size[0], width: size[1], stride: stride[0],
      padding: Padding(top: sides[0], bottom: sides[1], left: sides[2], right: sides[3]))
  }

  mutating func shape() throws(ProblemError) -> (input: FeatureShape, widths: [Int]) {
    let word = try next("shape")
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    let extents = try integers(parts[0], separator: "x", "shape")
    guard extents.count == 3 || extents.count == 4 else {
      throw failure("'\(parts[0])' is not HEIGHTxWIDTHxCHANNELS")
    }
    var widths: [Int] = []
    for part in parts.dropFirst() {
      guard part.first == ">" else { throw failure("'\(word)' is no shape") }
      widths += try integers(part.dropFirst(), separator: "x", "output channels")
    }
    let image = extents.suffix(3).map { $0 }
    let batch = extents.count == 4 ? extents[0] : 1
    return (
      FeatureShape(batch: batch, height: image[0], width: image[1], channels: image[2]), widths
    )
  }

  mutating func inputActivation() throws(ProblemError) -> Activation {
    guard let word = words.first, word.hasPrefix("in-") else { return .none }
    words.removeFirst()
    return try activation(word.dropFirst(3))
  }

  mutating func activations(count: Int) throws(ProblemError) -> [Activation] {
    var result: [Activation] = []
    for name in try next("activation").split(separator: ",", omittingEmptySubsequences: false) {
      result.append(try activation(name))
    }
    guard result.count == count else { throw failure("it needs \(count) activations") }
    return result
  }

  private func activation(_ name: Substring) throws(ProblemError) -> Activation {
    guard let activation = Activation(rawValue: String(name)) else {
      throw failure("'\(name)' is no activation (none, relu, relu6)")
    }
    return activation
  }

  mutating func elementType() throws(ProblemError) -> ElementType {
    let word = try next("element type")
    guard let type = ElementType(rawValue: String(word)) else {
      throw failure("'\(word)' is no element type (f32, bf16, i8)")
    }
    return type
  }

  func expectEnd() throws(ProblemError) {
    if let word = words.first { throw failure("'\(word)' is one word too many") }
  }

  private mutating func prefixed(
    _ letter: Character, _ what: String
  ) throws(ProblemError) -> Substring {
    let word = try next(what)
    guard word.first == letter else { throw failure("'\(word)' is no \(what)") }
    return word.dropFirst()
  }

  private func integers(
    _ word: Substring, separator: Character, _ what: String
  ) throws(ProblemError) -> [Int] {
    var result: [Int] = []
    for part in word.split(separator: separator, omittingEmptySubsequences: false) {
      guard let value = Int(part), value >= 0, value <= 1 << 20 else {
        throw failure("'\(part)' in the \(what) is no number up to 1048576")
      }
      result.append(value)
    }
    return result
  }
}
