import Glibc

/// How often heads comes up in `count` throws of a fair coin: the distribution behind the sign test.
package struct FairBinomial {
  package let count: Int

  package init(count: Int) { self.count = count }

  /// P(X ≤ k) for k = 0, 1, … up to the middle, exact to rounding. Terms are kept as logarithms:
  /// 2⁻ⁿ itself would vanish beyond a thousand throws.
  package var lowerTail: [Double] {
    var logTerm = -Double(count) * log(2)
    var sum = 0.0
    return (0...(count / 2)).map { k in
      sum += exp(logTerm)
      logTerm += log(Double(count - k)) - log(Double(k + 1))
      return sum
    }
  }
}
