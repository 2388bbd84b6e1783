import DSMeasurement
import DSTuning
import Testing

@Suite struct RaceFieldTests {
  private var rules: RaceRules {
    var rules = RaceRules()
    rules.maximumRounds = 24
    rules.grossRatio = 1.5
    return rules
  }

  @Test func whereThereIsTimeAllRace() {
    let field = RaceField(
      blockSeconds: Array(repeating: 0.001, count: 12), rules: rules, seconds: 0.7)
    #expect(field.candidates == 12)
    #expect(field.seconds == 0.7)
  }

  /// Never more than can be decided between, and no fewer than fit.
  @Test(arguments: [0.002, 0.004, 0.006, 0.01, 0.02])
  func whereThereIsNotFewerRace(block: Double) {
    let field = RaceField(
      blockSeconds: Array(repeating: block, count: 12), rules: rules, seconds: 0.7)
    func needed(_ count: Int) -> Double {
      Double(count * rules.decidingRounds(candidates: count)) * block
    }
    #expect(needed(field.candidates) <= 0.7)
    #expect(field.candidates == 12 || needed(field.candidates + 1) * 1.25 > 0.7)
  }

  /// Slow ones leave after three rounds and cost little.
  @Test func grosslySlowerOnesHardlyCount() {
    let even = Array(repeating: 0.005, count: 12)
    let slow = [0.005, 0.005] + Array(repeating: 0.009, count: 10)
    let (all, few) = (
      RaceField(blockSeconds: slow, rules: rules, seconds: 0.7),
      RaceField(blockSeconds: even, rules: rules, seconds: 0.7)
    )
    #expect(all.candidates == 12 && few.candidates < 12)
  }

  /// A race of two is worth more time than was allowed; of one there is nothing to decide.
  @Test func twoRaceWhateverItTakes() {
    let two = RaceField(blockSeconds: [1, 1, 1], rules: rules, seconds: 0.7)
    #expect(two.candidates == 2)
    #expect(two.seconds >= Double(2 * rules.decidingRounds(candidates: 2)))
    #expect(RaceField(blockSeconds: [1], rules: rules, seconds: 0.7).candidates == 1)
  }
}
