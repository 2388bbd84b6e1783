/// Byte counts as people read them.
enum ByteText {
  /// "48 KiB", "1.25 MiB", "unknown" for 0: at most two decimals in the largest binary unit.
  static func rounded(_ byteCount: Int) -> String {
    guard byteCount > 0 else { return "unknown" }
    let units = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
    guard let (unit, name) = units.first(where: { byteCount >= $0.0 }) else {
      return "\(byteCount) B"
    }
    return "\(DecimalText.rounded(Double(byteCount) / Double(unit), places: 2)) \(name)"
  }
}
