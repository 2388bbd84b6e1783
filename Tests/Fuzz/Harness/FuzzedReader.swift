/// A reader of bytes from outside, together with what must hold of whatever it makes of them.
package struct FuzzedReader: Sendable {
  package let name: String
  /// Longer inputs are not made: what they could show, shorter ones show sooner.
  package let mostBytes: Int
  /// Reads the bytes and checks the outcome; `finding` where it is wrong.
  package let read: @Sendable (UnsafeRawBufferPointer) -> Void

  package init(
    _ name: String, mostBytes: Int, _ read: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
  ) {
    self.name = name
    self.mostBytes = mostBytes
    self.read = read
  }
}
