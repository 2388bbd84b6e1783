import CSystem
import DSCore
import DSKernels
import DSRuntime

/// How fast all workers together multiply and add on registers alone, half a millisecond at a time: short enough to be put
/// between inferences, so that both have the same clock and the same neighbours.
public struct ArithmeticProbe {
  private let kernels: FastKernelSet
  private let pool: WorkerPool
  private let registers: [AlignedBuffer]
  private let repetitions: Int

  /// Of one worker in one repetition.
  private let flops: Int

  private static let nanoseconds = 5e5

  /// - Parameters:
  ///   - instructionSet: of which the best kernels up to it are timed.
  ///   - pool: whose threads, all of them, take part.
  public init?(upTo instructionSet: InstructionSet, pool: WorkerPool) {
    guard let kernels = FastKernelSet.all.last(where: { $0.instructionSet <= instructionSet })
    else { return nil }
    self.kernels = kernels
    self.pool = pool
    registers = (0..<pool.workers).map { _ in
      let buffer = AlignedBuffer(fewBytes: 256)
      for offset in stride(from: 0, to: 256, by: 4) {
        // Numbers with all bits of their mantissa in use: multiplying zeros takes less power and runs at a higher clock.
        buffer.base.storeBytes(of: 1 / Float(offset + 3), toByteOffset: offset, as: Float.self)
      }
      return buffer
    }
    flops = kernels.arithmeticRoof(1, registers[0].base)
    let tried = 1 << 12
    var nanoseconds = Double.infinity
    for _ in 0..<4 {
      nanoseconds = min(
        nanoseconds, Self.nanoseconds(tried, kernels: kernels, pool: pool, registers: registers))
    }
    // On a clock that stood meanwhile it would be years.
    let factor = min(max(1, Self.nanoseconds / nanoseconds), 1024)
    repetitions = Int(factor * Double(tried))
  }

  /// GFLOP/s of all workers in one probe.
  public func gigaflops() -> Double {
    let nanoseconds = Self.nanoseconds(
      repetitions, kernels: kernels, pool: pool, registers: registers)
    return Double(repetitions * flops * pool.workers) / nanoseconds
  }

  private static func nanoseconds(
    _ repetitions: Int, kernels: FastKernelSet, pool: WorkerPool, registers: [AlignedBuffer]
  ) -> Double {
    let start = cs_monotonic_ns()
    pool.run { worker in _ = kernels.arithmeticRoof(repetitions, registers[worker].base) }
    return Double(max(1, ClockTime.elapsed(from: start, to: cs_monotonic_ns())))
  }
}
