/// Makes the checksum of every chunk right.
enum PNGChecksums {
  static func mend(_ file: inout [UInt8]) {
    var offset = 8
    while offset + 12 <= file.count {
      let length = file[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = offset + 8 + length
      guard length < file.count, end + 4 <= file.count else { return }
      let checksum = checksum(file[offset + 4..<end])
      for index in 0..<4 {
        file[end + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index))
      }
      offset = end + 4
    }
  }

  /// CRC-32 as PNG has it (ISO 3309).
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
  }

  private static let table: [UInt32] = (0..<256).map { (index: UInt32) -> UInt32 in
    var sum = index
    for _ in 0..<8 {
      let isOdd = sum & 1 == 1
      sum >>= 1
      if isOdd { sum ^= 0xedb8_8320 }
    }
    return sum
  }
}
