import DSCommandLine
import Testing

@Suite("Progress")
struct ProgressTests {
  @Test("a steady rate is found at once and kept")
  func steadyRate() throws {
    var rate = RateEstimate(startSeconds: 100)
    #expect(rate.perSecond == nil && rate.remainingSeconds(of: 10) == nil)
    for second in 1...20 {
      rate.update(completed: Double(second) * 3, atSeconds: 100 + Double(second))
      #expect(abs(try #require(rate.perSecond) - 3) < 1e-12)
    }
    #expect(abs(try #require(rate.remainingSeconds(of: 90)) - 10) < 1e-9)
  }

  @Test("the pace of updates does not matter")
  func pace() throws {
    var often = RateEstimate(startSeconds: 0)
    var seldom = RateEstimate(startSeconds: 0)
    for tick in 1...100 { often.update(completed: Double(tick), atSeconds: Double(tick) / 10) }
    for tick in 101...200 {
      often.update(completed: 100 + Double(tick - 100) / 2, atSeconds: Double(tick) / 10)
    }
    seldom.update(completed: 100, atSeconds: 10)
    seldom.update(completed: 150, atSeconds: 20)
    #expect(abs(try #require(often.perSecond) - (try #require(seldom.perSecond))) < 1e-9)
  }

  @Test("a change of rate is followed within a few time constants")
  func adapts() throws {
    var rate = RateEstimate(startSeconds: 0, timeConstantSeconds: 10)
    rate.update(completed: 1000, atSeconds: 10)
    rate.update(completed: 1050, atSeconds: 60)
    let perSecond = try #require(rate.perSecond)
    #expect(perSecond > 1 && perSecond < 2)
  }

  @Test("clocks that stand still or go back change nothing")
  func oddClocks() {
    var rate = RateEstimate(startSeconds: 5)
    rate.update(completed: 1, atSeconds: 5)
    rate.update(completed: 1, atSeconds: 4)
    #expect(rate.perSecond == nil)
    rate.update(completed: 2, atSeconds: 6)
    rate.update(completed: 1, atSeconds: 7)
    #expect(rate.perSecond == 2)
  }

  /// What a progress line writes, with a clock turned by hand.
  private final class Screen {
    var seconds = 0.0
    var writes: [String] = []

    func line(width: Int = 80, canRewriteLines: Bool = true) -> ProgressLine {
      ProgressLine(
        terminal: Terminal(
          isInteractive: canRewriteLines, width: width, hasStyles: false,
          canRewriteLines: canRewriteLines, repertoire: .unicode),
        write: { self.writes.append($0) }, now: { self.seconds })
    }
  }

  @Test("one line, at most ten times a second, with the time left after a second")
  func throttled() {
    let screen = Screen()
    var line = screen.line()
    for step in 0..<400 {
      screen.seconds = Double(step) / 100
      line.update(completed: Double(step), of: 800, label: "depthwise")
    }
    line.finish()
    line.finish()
    #expect((35...41).contains(screen.writes.count))
    #expect(screen.writes.allSatisfy { $0.hasPrefix("\r\u{1B}[K") && !$0.contains("\n") })
    #expect(screen.writes.first?.contains("left") == false)
    #expect(screen.writes.dropLast().last?.hasSuffix("left  depthwise") == true)
    #expect(screen.writes.dropLast().last?.contains(" 49 %  0:05 left") == true)
    #expect(screen.writes.last == "\r\u{1B}[K")
  }

  @Test("never wider than the terminal", arguments: [1, 4, 10, 20, 40, 80, 200])
  func fits(width: Int) {
    let screen = Screen()
    var line = screen.line(width: width)
    for step in 0..<5 {
      screen.seconds = Double(step)
      line.update(
        completed: Double(step), of: 4, label: String(repeating: "depthwise 3x3 ", count: 20))
    }
    for text in screen.writes { #expect(text.count - 4 < max(width, 2), "\(text)") }
  }

  @Test("totals of nothing and more than everything")
  func oddTotals() {
    let screen = Screen()
    var line = screen.line()
    line.update(completed: 0, of: 0)
    screen.seconds = 1
    line.update(completed: 7, of: 5)
    #expect(screen.writes.first?.contains("  0 %") == true)
    #expect(screen.writes.last?.contains("100 %") == true)
  }

  @Test("silent where a line cannot be rewritten")
  func silent() {
    let screen = Screen()
    var line = screen.line(canRewriteLines: false)
    line.update(completed: 1, of: 2)
    line.finish()
    #expect(screen.writes.isEmpty)
  }
}
