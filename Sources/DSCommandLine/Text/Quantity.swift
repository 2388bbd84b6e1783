import Glibc

/// Numbers as people read them: scaled to a unit, with the digits that mean something.
///
/// The results hold `µ` and the like; `Repertoire.shown` turns them into ASCII where needed.
public enum Quantity {
  /// A time: `31.2 µs`, `4.90 ms`, `1.23 s`.
  public static func microseconds(_ value: Double) -> String {
    scaled(value, step: 1000, units: ["ns", "µs", "ms", "s"], start: 1)
  }

  /// A size in binary units: `512 B`, `48.0 KiB`, `1.50 MiB`.
  public static func bytes(_ value: Int) -> String {
    value.magnitude < 1024
      ? "\(value) B"
      : scaled(Double(value), step: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
  }

  /// A count: `999`, `4.25 M`, `569 M`.
  public static func count(_ value: Int) -> String {
    value.magnitude < 1000
      ? "\(value)" : scaled(Double(value), step: 1000, units: ["", "k", "M", "G", "T", "P", "E"])
  }

  /// A share of one: `0.974` is `97.4 %`.
  public static func percent(_ share: Double) -> String { fixed(share * 100, decimals: 1) + " %" }

  /// A length of time for people who wait: `0:07`, `1:23`, `2:03:04`.
  public static func clock(seconds: Double) -> String {
    guard seconds.isFinite, seconds.magnitude < 1e15 else { return "?" }
    let whole = Int(max(0, seconds).rounded(.up))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    let tail = (rest < 10 ? "0" : "") + "\(rest)"
    return hours == 0
      ? "\(minutes):\(tail)" : "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
  }

  /// A number with so many decimals (0 to 15), rounded to nearest from its exact value and ties to
  /// even, as C's `%.2f` does.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    precondition((0...15).contains(decimals), "\(decimals) decimals are not 0 to 15")
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    let product = value.magnitude * scale
    // Beyond 2⁵³ there is no fraction left to round.
    guard product < 0x1p53 else { return "\(value)" }
    // value · scale = product + remainder exactly, so the remainder decides near-ties.
    let remainder = (-product).addingProduct(value.magnitude, scale)
    var rounded = product.rounded(.toNearestOrEven)
    let excess = product - rounded
    if excess == 0.5, remainder > 0 { rounded += 1 }
    if excess == -0.5, remainder < 0 { rounded -= 1 }
    let digits = String(UInt64(rounded))
    let sign = value < 0 && rounded > 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    let filled = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return "\(sign)\(filled.dropLast(decimals)).\(filled.suffix(decimals))"
  }

  /// Three digits that mean something: `1.23`, `12.3`, `123`, `0.0123`.
  public static func significant(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, decimals: 0) }
    // The exponent of the value once it is rounded: 9.996 has three digits as 10.0.
    var exponent = Int(log10(value.magnitude).rounded(.down))
    if value.magnitude >= pow(10, Double(exponent + 1)) - 0.5
      * pow(10, Double(exponent + 1 - digits))
    {
      exponent += 1
    }
    return fixed(value, decimals: min(15, max(0, digits - 1 - exponent)))
  }

  /// A number without superfluous digits, as in a range: `1`, `0.25`.
  static func plain(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// Three digits in the unit that leaves at least one before the point.
  private static func scaled(
    _ value: Double, step: Double, units: [String], start: Int = 0
  ) -> String {
    guard value.isFinite, value != 0 else {
      return joined(fixed(value, decimals: 0), units[start])
    }
    var index = start
    var scaled = value
    while scaled.magnitude < 1, index > 0 {
      scaled *= step
      index -= 1
    }
    while scaled.magnitude >= 999.5, index < units.count - 1 {
      scaled /= step
      index += 1
    }
    return joined(significant(scaled), units[index])
  }

  private static func joined(_ number: String, _ unit: String) -> String {
    unit.isEmpty ? number : "\(number) \(unit)"
  }
}
