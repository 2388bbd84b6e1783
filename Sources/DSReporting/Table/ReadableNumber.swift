import Glibc

/// Numbers as people read them in a table.
package enum ReadableNumber {
  static let significantDigits = 4

  /// "31.25", "4253864", "3.1e-07"; nothing for what is no number.
  package static func text(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    let magnitude = value.magnitude
    if value == 0 { return "0" }
    if magnitude >= 1e15 || magnitude < 1e-3 { return scientific(value) }
    let whole = Int(log10(magnitude).rounded(.down)) + 1
    return fixed(value, decimals: max(0, min(significantDigits - whole, 6)))
  }

  static func fixed(_ value: Double, decimals: Int) -> String {
    let scale = pow(10, Double(decimals))
    let scaled = UInt64((value.magnitude * scale).rounded())
    let unit = UInt64(scale)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % unit)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(scaled / unit).\(zeros)\(fraction)"
  }

  private static func scientific(_ value: Double) -> String {
    var exponent = Int(log10(value.magnitude).rounded(.down))
    // In two steps: the power itself may lie beyond what a Double holds.
    var mantissa =
      value * pow(10, Double(-exponent / 2)) * pow(10, Double(-exponent - -exponent / 2))
    if mantissa.magnitude >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    let digits = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return "\(fixed(mantissa, decimals: 1))e\(exponent < 0 ? "-" : "+")\(digits)"
  }
}
