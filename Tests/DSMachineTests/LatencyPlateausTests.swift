import DSCore
import DSMachine
import Glibc
import Testing

@Suite struct LatencyPlateausTests {
  /// Two sizes an octave from 8 KiB, each with the latency of the caches it does not fit.
  private func curve(
    _ levels: [(byteCount: Int, nanoseconds: Double)], memory: Double, noise: Double = 0
  ) -> [RoofMeasurement.LatencyPoint] {
    var generator = SeededGenerator(seed: 7)
    return (0..<29).map { step in
      let size = (step % 2 == 0 ? 2 : 3) << (12 + step / 2)
      var covered = 0.0
      var latency = 0.0
      for level in levels {
        let share = hitShare(excess: Double(size) / Double(level.byteCount))
        latency += max(0, share - covered) * level.nanoseconds
        covered = max(covered, share)
      }
      latency += (1 - covered) * memory
      let disturbance = 1 + noise * abs(Double(generator.nextUnitFloat()))
      return .init(byteCount: size, nanoseconds: latency * disturbance)
    }
  }

  /// Hits h of a cycle `excess` times as large as a cache with random replacement: a line survives
  /// until its next use if none of the misses meanwhile hits it, so h = exp(-(1 - h) excess).
  private func hitShare(excess: Double) -> Double {
    guard excess > 1 else { return 1 }
    return (0..<200).reduce(0) { share, _ in exp(-(1 - share) * excess) }
  }

  @Test(arguments: [
    [32 << 10, 512 << 10, 32 << 20], [48 << 10, 2 << 20, 24 << 20],
    [64 << 10, 1 << 20, 8 << 20], [32 << 10, 256 << 10, 4 << 20],
  ])
  func findsThreeLevels(_ sizes: [Int]) {
    let levels = zip(sizes, [1.1, 4, 15]).map { (byteCount: $0.0, nanoseconds: $0.1) }
    for noise in [0, 0.05] {
      let plateaus = LatencyPlateaus(curve(levels, memory: 100, noise: noise), levels: 3)
      #expect(plateaus.capacities.count == 3)
      for (found, size) in zip(plateaus.capacities, sizes) {
        #expect(2 * found > size && found < 2 * size, "\(found) for \(size)")
      }
    }
  }

  @Test func findsNoLevelThatIsNotThere() {
    let flat = curve([], memory: 80, noise: 0.1)
    #expect(LatencyPlateaus(flat, levels: 3).capacities.isEmpty)
    let two = curve([(32 << 10, 1), (1 << 20, 4)], memory: 90)
    #expect(LatencyPlateaus(two, levels: 3).capacities.count == 2)
  }

  @Test func survivesTooFewOrSenselessPoints() {
    #expect(LatencyPlateaus([], levels: 3).capacities.isEmpty)
    let broken = [Double.nan, .infinity, 0, -1, 5].map {
      RoofMeasurement.LatencyPoint(byteCount: 8192, nanoseconds: $0)
    }
    #expect(LatencyPlateaus(broken, levels: 3).nanoseconds == [5])
    #expect(LatencyPlateaus(broken, levels: 0).capacities.isEmpty)
  }

  @Test func aWrongDeclarationIsOverruled() {
    var measured = RoofMeasurement(processor: 0)
    measured.latencyCurve = curve([(32 << 10, 1), (1 << 20, 4), (4 << 20, 15)], memory: 100)
    let caches = [32 << 10, 1 << 20, 32 << 20].enumerated().map {
      MachineDescription.Cache(level: $0.offset + 1, byteCount: $0.element)
    }
    measured.interpret(declared: caches)
    #expect(measured.disagreements.count == 1)
    #expect(measured.disagreements.first?.contains("32 MiB") == true)

    let machine = MachineDescription(
      cpu: "test", instructionSet: .baseline, cores: 1, processingUnits: 1, caches: caches)
    let planned = machine.applying(measured)
    #expect(planned.cache(level: 1) == machine.cache(level: 1))
    #expect(planned.cache(level: 2) == machine.cache(level: 2))
    let size = planned.cache(level: 3)?.byteCount ?? 0
    #expect((3 << 20...8 << 20).contains(size))
  }

  @Test func undeclaredCachesAreAdded() {
    var measured = RoofMeasurement(processor: 0)
    measured.latencyCurve = curve([(32 << 10, 1), (1 << 20, 4)], memory: 90)
    measured.interpret(declared: [])
    let machine = MachineDescription(
      cpu: "test", instructionSet: .baseline, cores: 1, processingUnits: 1, caches: [])
    #expect(machine.applying(measured).caches.map(\.level) == [1, 2])
  }

  @Test func aMissingKneeBelongsToNoLevel() {
    var measured = RoofMeasurement(processor: 0)
    measured.latencyCurve = curve([(32 << 10, 1), (8 << 20, 15)], memory: 100)
    measured.interpret(
      declared: [32 << 10, 64 << 10, 8 << 20].enumerated().map {
        MachineDescription.Cache(level: $0.offset + 1, byteCount: $0.element)
      })
    #expect(measured.levels.map { $0.measuredBytes == nil } == [false, true, false])
    #expect(measured.disagreements.isEmpty)
  }
}
