import DSCore

/// The names of a network's classes: a text file with one line for each class, in their order.
package struct Labels: Sendable {
  package let names: [String]

  package init(contentsOf path: String, classCount: Int) throws(LabelsError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw .unreadable(error)
    }
    try self.init(file.bytes, path: path, classCount: classCount)
  }

  /// Reads the contents of a file; `path` is what errors call it.
  package init(
    _ bytes: UnsafeRawBufferPointer, path: String, classCount: Int
  ) throws(LabelsError) {
    do {
      // The text, and as much again for its lines.
      try MemoryAllowance.check(2 * bytes.count)
    } catch {
      throw .unreadable(.outOfMemory(path: path, byteCount: error.byteCount))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notText(path: path)
    }
    // Files from Windows end lines with CR LF and may begin with a byte order mark.
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.last?.isEmpty == true { lines.removeLast() }
    names = lines.map { $0.hasPrefix("\u{feff}") ? String($0.dropFirst()) : String($0) }
    guard names.count == classCount else {
      throw .wrongCount(path: path, found: names.count, expected: classCount)
    }
  }
}
