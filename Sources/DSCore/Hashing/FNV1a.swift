/// The 64-bit FNV-1a hash (Fowler, Noll, Vo; RFC 9923): stable between runs, unlike `Hasher`. For names, not for
/// secrets.
package struct FNV1a {
  package private(set) var state: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func add(_ bytes: some Sequence<UInt8>) {
    state = bytes.reduce(state) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash = FNV1a()
    hash.add(bytes)
    return hash.state
  }
}
