import Glibc

/// Work done per second, weighted towards the recent past, and the time the rest will take.
///
/// An exponentially weighted moving average over time rather than over updates, so that updates may
/// come at any pace; the early bias towards zero is divided out (Kingma, Ba 2015, arXiv:1412.6980).
package struct RateEstimate: Sendable {
  /// The span after which the past counts for 1/e.
  private let timeConstantSeconds: Double
  private var lastSeconds: Double
  private var lastCompleted: Double
  private var weightedRate = 0.0
  private var weight = 0.0

  package init(startSeconds: Double, completed: Double = 0, timeConstantSeconds: Double = 10) {
    self.timeConstantSeconds = timeConstantSeconds
    lastSeconds = startSeconds
    lastCompleted = completed
  }

  /// Takes in how much is done by now. Clocks and counts that stand still or go back change nothing.
  package mutating func update(completed: Double, atSeconds now: Double) {
    let elapsed = now - lastSeconds
    let done = completed - lastCompleted
    guard elapsed > 0, done >= 0 else { return }
    let kept = exp(-elapsed / timeConstantSeconds)
    weightedRate = kept * weightedRate + (1 - kept) * (done / elapsed)
    weight = kept * weight + (1 - kept)
    (lastSeconds, lastCompleted) = (now, completed)
  }

  /// Work per second; `nil` before any is known.
  package var perSecond: Double? { weight > 0 && weightedRate > 0 ? weightedRate / weight : nil }

  /// How long the rest takes at that rate, counted from the last update.
  package func remainingSeconds(of total: Double) -> Double? {
    perSecond.map { max(0, total - lastCompleted) / $0 }
  }
}
