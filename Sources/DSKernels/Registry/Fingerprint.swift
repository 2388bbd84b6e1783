import DSCore

/// A hash over words, as sixteen hexadecimal digits. Which words lie next to each other matters; where one ends
/// and the next begins, too.
package struct Fingerprint {
  private var hash = FNV1a()

  package init() {}

  package mutating func add(_ text: String) {
    hash.add(text.utf8)
    hash.add(CollectionOfOne(0))
  }

  package var text: String {
    let digits = String(hash.state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
