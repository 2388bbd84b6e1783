/// One line on a terminal that says how far the work is and when it will be done. In a pipe, a file
/// or on a terminal that cannot rewrite a line it says nothing.
///
///     var progress = ProgressLine(on: console)
///     for (index, problem) in problems.enumerated() {
///       progress.update(completed: Double(index), of: Double(problems.count), label: problem.key)
///       …
///     }
///     progress.finish()
///
/// Call `clear()` before anything else is printed.
public struct ProgressLine {
  /// Ten times a second is as much as eyes can follow; more would disturb what is measured.
  private static let intervalSeconds = 0.1
  /// Rates of shorter spans are mostly chance.
  private static let firstEstimateSeconds = 1.0

  private let terminal: Terminal
  private let write: (String) -> Void
  private let now: () -> Double
  private let startSeconds: Double
  private var rate: RateEstimate
  private var shownSeconds = -Double.infinity
  private var isVisible = false

  public init(on console: Console) {
    let clock = ContinuousClock()
    let start = clock.now
    self.init(
      terminal: console.talkTerminal, write: { console.writeTalk($0) },
      now: { (clock.now - start) / .seconds(1) })
  }

  /// For tests: any terminal, any clock (in seconds).
  package init(
    terminal: Terminal, write: @escaping (String) -> Void, now: @escaping () -> Double
  ) {
    self.terminal = terminal
    self.write = write
    self.now = now
    startSeconds = now()
    rate = RateEstimate(startSeconds: startSeconds)
  }

  /// Shows the state of the work, in any unit, unless the line was rewritten just now.
  public mutating func update(completed: Double, of total: Double, label: String = "") {
    guard terminal.canRewriteLines else { return }
    let seconds = now()
    rate.update(completed: completed, atSeconds: seconds)
    guard seconds - shownSeconds >= Self.intervalSeconds else { return }
    shownSeconds = seconds
    isVisible = true
    let isSettled = seconds - startSeconds >= Self.firstEstimateSeconds
    let left = isSettled ? rate.remainingSeconds(of: total) : nil
    let share = total > 0 ? min(max(completed / total, 0), 1) : 0
    write("\r\u{1B}[K" + line(share: share, remainingSeconds: left, label: label))
  }

  /// Removes the line so that other text can be printed; the next update brings it back.
  public mutating func clear() {
    guard isVisible else { return }
    write("\r\u{1B}[K")
    isVisible = false
    shownSeconds = -.infinity
  }

  /// Removes the line for good.
  public mutating func finish() { clear() }

  /// `[#####     ]  52 %  0:41 left  label`, within the terminal's width.
  private func line(share: Double, remainingSeconds: Double?, label: String) -> String {
    // The last column stays free: some terminals wrap when it is written.
    let width = (terminal.width ?? 80) - 1
    let percent = "\(Int((share * 100).rounded(.down))) %".indented(to: 5)
    let left = remainingSeconds.map { "  \(Quantity.clock(seconds: $0)) left" } ?? ""
    let barWidth = min(24, max(0, width / 3))
    let filled = Int((share * Double(barWidth)).rounded(.down))
    let bar = String(repeating: "#", count: filled).padded(to: barWidth)
    let facts = "[\(bar)] \(percent)\(left)"
    let room = width - facts.displayWidth - 2
    guard room >= 8, !label.isEmpty else {
      return facts.displayWidth <= width ? facts : String(percent.prefix(max(0, width)))
    }
    let shown = terminal.repertoire.shown(label.printable)
    return facts + "  " + shown.shortened(to: room, ellipsis: terminal.repertoire.ellipsis)
  }
}
