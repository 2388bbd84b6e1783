/// Numbers without Foundation's formatters.
enum DecimalText {
  /// At most `places` decimals, without trailing zeros.
  static func rounded(_ value: Double, places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    var decimals = String(String(scaled % scale + scale).dropFirst())
    while decimals.hasSuffix("0") { decimals.removeLast() }
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + "\(scaled / scale)" + (decimals.isEmpty || places == 0 ? "" : ".\(decimals)")
  }
}
