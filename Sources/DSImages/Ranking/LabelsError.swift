import DSCore

/// Why a file of labels could not be used.
package enum LabelsError: Error, Hashable, Sendable {
  case unreadable(FileError)
  case notText(path: String)
  case wrongCount(path: String, found: Int, expected: Int)
}

extension LabelsError: MemoryError {
  package var memoryShortage: MemoryShortage? {
    if case .unreadable(let error) = self { error.memoryShortage } else { nil }
  }
}

extension LabelsError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .notText(let path): "\(path): is no UTF-8 text; a labels file has one line for each class"
    case .wrongCount(let path, let found, let expected):
      "\(path): has \(found) labels for \(expected) classes; a labels file has one line for each class"
    }
  }
}
