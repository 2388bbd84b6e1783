import DSMeasurement
import Testing

@Suite struct ExpectedTimeTests {
  private static let expected = ExpectedTime(microseconds: 8, tolerance: 1.25)

  /// What is found when these readings would come, and how many of them were taken.
  private static func nearest(of readings: [Double]) -> (microseconds: Double, taken: Int) {
    var taken = 0
    let nearest = expected.nearestReading(attempts: readings.count) { attempt in
      taken += 1
      return readings[attempt]
    }
    return (nearest, taken)
  }

  @Test(arguments: [
    (6.3, false), (6.4, true), (8, true), (10, true), (10.1, false), (.infinity, false), (0, false),
  ])
  func agreesWithinTheToleranceUpAndDown(reading: Double, agrees: Bool) {
    #expect(Self.expected.agrees(reading) == agrees)
  }

  @Test func oneReadingThatAgreesIsEnough() {
    #expect(Self.nearest(of: [9, 8, 8]) == (9, 1))
    #expect(Self.nearest(of: [500, 9, 8]) == (9, 2))
  }

  @Test func whatIsAlwaysOffStaysOff() {
    #expect(Self.nearest(of: [500, 16, 24]) == (16, 3))
    #expect(Self.nearest(of: [1, 4, 2]) == (4, 3))
    // A third of the time is farther off than twice the time.
    #expect(Self.nearest(of: [8.0 / 3, 16]) == (16, 2))
    #expect(Self.nearest(of: [500]) == (500, 1))
  }
}
