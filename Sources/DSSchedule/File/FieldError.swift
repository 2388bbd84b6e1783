/// A field that is missing or has the wrong type; the path grows as the error travels outwards.
struct FieldError: Error {
  var path: String
  var expected: String
  /// What stands there instead; `nil` where the field is missing.
  var found: String?

  init(expected: String, found: JSONValue?) {
    path = ""
    self.expected = expected
    self.found = found?.kindDescription
  }

  func inside(_ component: String) -> FieldError {
    var error = self
    let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
    error.path = component + separator + path
    return error
  }
}
