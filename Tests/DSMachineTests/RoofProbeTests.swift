import CSystem
import DSMachine
import Testing

/// Serialised: a probe binds its thread and wants a core for itself.
@Suite(.serialized) struct RoofProbeTests {
  private static let isLive = TopologySource.fromEnvironment() == .live

  private func sum(_ bytes: UnsafeRawPointer, _ byteCount: Int) -> Float {
    var sum = SIMD16<Float>()
    for offset in stride(from: 0, to: byteCount, by: 64) {
      sum += bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
    }
    return sum.sum()
  }

  private func multiplyAdd(_ repetitions: Int) -> Int {
    var value = SIMD16<Float>(repeating: 1)
    for _ in 0..<repetitions { value = value * 0.5 + 1 }
    return value.sum() > 0 ? repetitions * 32 : 0
  }

  @Test(.enabled(if: isLive)) func measuresTheLiveMachine() throws {
    let before = affinity()
    let result = RoofProbe(
      topology: try Topology(.live), budgetSeconds: 0.1, fmaProbe: multiplyAdd, memoryRead: sum
    ).measure()
    #expect(affinity() == before)
    #expect(result.fmaGigaflopsPerCore.map { $0 > 0 } == true)
    #expect(result.latencyCurve.allSatisfy { $0.nanoseconds > 0 && $0.byteCount >= 8 << 10 })
    #expect(result.levels.allSatisfy { $0.gigabytesPerSecond.map { $0 > 0 } ?? true })
  }

  @Test(.enabled(if: isLive)) func kernelsThatDoNothingEndInAWarning() throws {
    let result = RoofProbe(
      topology: try Topology(.live), budgetSeconds: 0, fmaProbe: { _ in 0 },
      memoryRead: { _, _ in 0 }
    ).measure()
    #expect(result.fmaGigaflopsPerCore == nil)
    #expect(!result.warnings.isEmpty)
  }

  @Test(.enabled(if: isLive)) func aKernelThatLiesAboutItsWorkEndsToo() throws {
    let result = RoofProbe(
      topology: try Topology(.live), budgetSeconds: .nan, fmaProbe: { _ in 1 },
      memoryRead: { _, _ in .nan }
    ).measure()
    #expect(result.fmaGigaflopsPerCore == nil)
  }

  /// Wherever it is ended, nothing that is declared is refuted by half a measurement.
  @Test(.enabled(if: isLive), arguments: [0, 1, 5, 40, 400])
  func itEndsWhenAsked(looks: Int) throws {
    var asked = 0
    let result = RoofProbe(
      topology: try Topology(.live), budgetSeconds: 60, fmaProbe: multiplyAdd, memoryRead: sum
    ).measure {
      asked += 1
      return asked > looks
    }
    #expect(result.memoryGigabytesPerSecond == nil && result.disagreements.isEmpty)
    #expect(result.warnings.contains { $0.contains("ended before") })
    if looks == 0 { #expect(result.fmaGigaflopsPerCore == nil) }
  }

  @Test func anotherMachineIsNotMeasured() throws {
    let result = RoofProbe(
      topology: try Topology(.synthetic("pack:1 l3:1 core:2 pu:1")), fmaProbe: multiplyAdd,
      memoryRead: sum
    ).measure()
    #expect(result.levels.isEmpty && result.fmaGigaflopsPerCore == nil)
    #expect(result.warnings.count == 1)
  }

  private func affinity() -> [Int32] {
    [Int32](unsafeUninitializedCapacity: Int(CS_MAXIMUM_CPUS)) { buffer, count in
      count = max(0, Int(cs_affinity_get(buffer.baseAddress, CS_MAXIMUM_CPUS)))
    }
  }
}
