import Glibc

/// Why the system refused something, in words that complete a sentence.
package enum SystemReason {
  /// - Parameter code: an `errno`.
  package static func words(_ code: Int32) -> String {
    code == EISDIR ? "it is a folder" : String(cString: strerror(code))
  }
}
