import DSCommandLine

/// Figures in cells of tables; nothing for what nobody knows.
enum CellText {
  static func fixed(_ value: Double?, decimals: Int, unit: String = "") -> String {
    guard let value else { return "" }
    return Quantity.fixed(value, decimals: decimals) + unit
  }

  static func significant(_ value: Double?, digits: Int = 3) -> String {
    guard let value else { return "" }
    return Quantity.significant(value, digits: digits)
  }

  static func percent(_ share: Double?) -> String {
    guard let share else { return "" }
    return Quantity.percent(share)
  }

  /// "1.25–1.5", of texts that are both there or both empty.
  static func range(_ low: String, _ high: String) -> String { low.isEmpty ? "" : low + "–" + high }
}
