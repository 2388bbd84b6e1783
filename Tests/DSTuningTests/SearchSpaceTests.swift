import DSCore
import DSKernels
import DSNetworks
import DSTuning
import Testing

@Suite struct SearchSpaceTests {
  private func spaces(
    _ network: Network, workers: Int, effort: Effort = .measure
  ) throws -> [SearchSpace] {
    try TuningSamples.tuner(TuningSamples.request(network, workers: workers, effort: effort))
      .searchSpaces()
  }

  @Test(arguments: Model.allCases, [1, 2])
  func everyProblemOfTheModelsHasASpace(model: Model, workers: Int) throws {
    let network = try Network(model: model)
    let spaces = try spaces(network, workers: workers)
    #expect(
      Set(spaces.map(\.problem)).isSuperset(of: network.problems.map(\.problem)))
    #expect(spaces.count == Set(spaces.map(\.problem)).count)
    for space in spaces {
      #expect(space.candidates[0].label == space.reference.label)
      #expect(space.candidates.allSatisfy { $0.workers <= workers })
    }
  }

  @Test(arguments: [Effort.measure, .patient, .exhaustive])
  func candidatesAreDistinctProgramsAndNoneIsForgotten(effort: Effort) throws {
    let network = try Network(model: .mobileNetV2)
    let model = CostModel(machine: TuningSamples.machine)
    for space in try spaces(network, workers: 2, effort: effort) {
      let programs = space.candidates.map { $0.program(for: space.problem) }
      #expect(Set(programs).count == programs.count, "\(space.problem.key)")
      let labels = space.candidates.map(\.label)
      let pruned = space.pruned.map(\.candidate.label)
      #expect(Set(labels).count == labels.count)
      #expect(Set(pruned).count == pruned.count)
      // What is both are the audited ones, at the end.
      #expect(Set(labels).intersection(pruned) == Set(labels.suffix(space.auditedCount)))
      guard effort == .exhaustive else { continue }
      let all = [1, 2].flatMap {
        model.candidates(
          space.problem, registry: .standard, upTo: Registry.bestInstructionSet, workers: $0)
      }
      #expect(Set(labels + pruned) == Set(all.map(\.label)))
      #expect(space.pruned.allSatisfy { $0.reason.isSameProgram })
    }
  }

  @Test func strassenCompetesUnlessTheProductsAreToBeAsWritten() throws {
    var request = try TuningSamples.request(Network(model: .xception), workers: 1)
    var counts: [ProductRule: Int] = [:]
    for rule in ProductRule.allCases {
      request.products = rule
      let spaces = try TuningSamples.tuner(request).searchSpaces()
      let all = spaces.flatMap { $0.candidates + $0.pruned.map(\.candidate) }
      counts[rule] = all.count { !$0.kernel.multipliesAsWritten }
      #expect(spaces.allSatisfy { $0.reference.kernel.multipliesAsWritten })
      let largest = try #require(
        spaces.first { $0.problem.key == "pointwise 19x19x728->728 relu f32" })
      // Neither leaves the other no place.
      let rules = Set(largest.candidates.map(\.kernel.multipliesAsWritten))
      #expect(rules == (rule == .any ? [true, false] : [true]))
    }
    #expect(counts[.asWritten] == 0 && counts[.any, default: 0] > 100)
  }

  /// Of Xception the 19×19 products, of MobileNet v1 the five of 14×14: more rounds for them, and no fewer for others.
  @Test func whatTheNetworkIsMadeOfIsMajor() throws {
    let expected: [(Model, Set<String>)] = [
      (
        .xception,
        ["pointwise 19x19x728->728 relu f32", "pointwise 19x19x728->728 none residual f32"]
      ),
      (.mobileNetV1, ["pointwise 14x14x512->512 relu6 f32"]),
    ]
    for (model, keys) in expected {
      let spaces = try spaces(Network(model: model), workers: 1)
      #expect(Set(spaces.filter(\.isMajor).map(\.problem.key)) == keys)
    }
    for effort in [Effort.measure, .patient, .exhaustive] {
      #expect(effort.maximumRounds(isMajor: true) == 3 * effort.maximumRounds(isMajor: false))
      #expect(effort.raceSeconds(isMajor: true) == 3 * effort.raceSeconds(isMajor: false))
    }
  }

  @Test func moreEffortLooksAtMore() throws {
    let network = try Network(model: .mobileNetV1)
    func kept(_ effort: Effort) throws -> [Problem: Set<String>] {
      Dictionary(
        uniqueKeysWithValues: try spaces(network, workers: 2, effort: effort).map { space in
          let own = space.candidates.dropLast(space.auditedCount)
          return (space.problem, Set(own.map(\.label)))
        })
    }
    let (measure, patient, exhaustive) = try (
      kept(.measure), kept(.patient), kept(.exhaustive)
    )
    for (problem, labels) in measure {
      #expect(labels.isSubset(of: patient[problem] ?? []), "\(problem.key)")
    }
    for (problem, labels) in patient {
      #expect(labels.isSubset(of: exhaustive[problem] ?? []), "\(problem.key)")
    }
    let counts = [measure, patient, exhaustive].map { $0.values.reduce(0) { $0 + $1.count } }
    #expect(counts[0] < counts[1] && counts[1] < counts[2])
  }

  @Test func theSameRequestGivesTheSameSpaces() throws {
    let network = try Network(model: .mobileNetV2)
    func text() throws -> [String] {
      try spaces(network, workers: 2).flatMap { space in
        [space.problem.key] + space.candidates.map(\.label)
          + space.pruned.map { "\($0.candidate.label): \($0.reason)" }
      }
    }
    #expect(try text() == text())
  }

  @Test func auditsAreDrawnFromThePruned() throws {
    let spaces = try spaces(Network(model: .mobileNetV1), workers: 2)
    #expect(spaces.contains { $0.auditedCount > 0 })
    for space in spaces {
      let reasons = Dictionary(
        uniqueKeysWithValues: space.pruned.map { ($0.candidate.label, $0.reason) })
      for audited in space.candidates.suffix(space.auditedCount) {
        #expect(reasons[audited.label]?.isSameProgram == false)
      }
    }
  }

  @Test func theNumberOfWorkersIsADimension() throws {
    let network = try Network(model: .mobileNetV1)
    let both = try spaces(network, workers: 2, effort: .exhaustive)
    #expect(both.allSatisfy { $0.candidates.contains { $0.workers == 1 } })
    #expect(both.contains { $0.candidates.contains { $0.workers == 2 } })
    // Whoever cannot share work runs on one worker.
    for space in both {
      #expect(space.candidates.allSatisfy { $0.workers == 1 || $0.kernel.isParallel })
    }
    let one = try spaces(network, workers: 1)
    #expect(one.allSatisfy { $0.candidates.allSatisfy { $0.workers == 1 } })
  }
}

extension PrunedCandidate.Reason {
  fileprivate var isSameProgram: Bool {
    if case .sameProgram = self { true } else { false }
  }
}
