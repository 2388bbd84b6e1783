#if canImport(Glibc)
  import Glibc
#endif

/// Names that are made of other names and must not be longer than a folder allows.
package enum FileName {
  /// `stem + suffix`. Where that is too long, the stem is cut and ends in a hash of the whole one: the same stem always
  /// gives the same name, and another stem another one.
  package static func derived(from stem: String, suffix: String) -> String {
    let (folder, name) = split(stem)
    let room = longest(in: folder) - suffix.utf8.count
    if name.utf8.count <= room { return stem + suffix }
    let hash = "~" + String(FNV1a.hash(name.utf8), radix: 36)
    let prefix = stem.dropLast(name.count)
    return prefix + beginning(of: name, bytes: room - hash.utf8.count) + hash + suffix
  }

  /// As many characters as fit.
  static func beginning(of name: String, bytes: Int) -> String {
    var count = 0
    return String(
      name.prefix { character in
        count += character.utf8.count
        return count <= bytes
      })
  }

  /// The folder and the name in it.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/." : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  private static func longest(in folder: String) -> Int {
    let limit = pathconf(folder, Int32(_PC_NAME_MAX))
    return limit > 0 ? limit : Int(NAME_MAX)
  }
}
