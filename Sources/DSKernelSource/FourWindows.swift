import DSCore

/// What four windows beside each other have in one row of the input.
///
/// `seen` gets the sums of the values that were read, where the rule needs to know whether one of them is NaN: an addition a
/// value, on units that maxima leave idle, where comparing each with itself would take three instructions for one.
protocol FourWindows {
  static func accumulate<Rule: PoolingRule>(
    _ rule: Rule.Type, _ pooled: inout InlineArray<4, Vector>, _ seen: inout InlineArray<4, Vector>,
    _ row: UnsafeRawPointer, _ stage: StageCall, _ activation: Bounds)
}

/// Of a width and stride that are known: every input is loaded once. Maximum pooling of 37×37×64 by 3×3 windows of stride 2 takes 4.9 µs
/// where each window loads its own, 6.8 (Zen 5).
enum KnownWindows<let W: Int, let S: Int>: FourWindows {
  @inline(always)
  static func accumulate<Rule: PoolingRule>(
    _ rule: Rule.Type, _ pooled: inout InlineArray<4, Vector>, _ seen: inout InlineArray<4, Vector>,
    _ row: UnsafeRawPointer, _ stage: StageCall, _ activation: Bounds
  ) {
    for c in 0..<(3 * S + W) {
      let input = load(row, c)
      if Rule.needsOrder { seen[c % 4] += input }
      for j in 0..<W where c >= j && (c - j) % S == 0 && (c - j) / S < 4 {
        Rule.accumulateOrdered(&pooled[(c - j) / S], input, activation)
      }
    }
  }
}

enum AnyWindows: FourWindows {
  @inline(always)
  static func accumulate<Rule: PoolingRule>(
    _ rule: Rule.Type, _ pooled: inout InlineArray<4, Vector>, _ seen: inout InlineArray<4, Vector>,
    _ row: UnsafeRawPointer, _ stage: StageCall, _ activation: Bounds
  ) {
    let step = stage.stride * vectorBytes
    var address = row
    for _ in 0..<stage.windowWidth {
      for t in 0..<4 {
        let input = load(address + t * step, 0)
        if Rule.needsOrder { seen[t] += input }
        Rule.accumulateOrdered(&pooled[t], input, activation)
      }
      address += vectorBytes
    }
  }
}
