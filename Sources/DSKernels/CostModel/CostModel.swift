import DSCore
import Glibc

/// Predicts how long a candidate takes from the machine's caches and roofs alone, without running it.
///
/// Good for an order, not for a number: it picks what runs without a schedule, and tells the tuner
/// what to try first and what not at all. Time is the slower of arithmetic and memory traffic plus a part
/// of the faster one, as neither overlaps the other completely.
/// - Source: Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009, doi:10.1145/1498765.1498785;
///   Low, Igual, Smith and Quintana-Ortí, "Analytical Modeling Is Enough for High-Performance BLIS", ACM TOMS
///   43(2), 2016, doi:10.1145/2925987.
public struct CostModel: Sendable {
  public let machine: MachineDescription

  /// `machine`, of whose L3 no more is counted on than `mostL3BytesPerCore`.
  private let counted: MachineDescription

  public init(machine: MachineDescription) {
    self.machine = machine
    var counted = machine
    for index in counted.caches.indices where counted.caches[index].level == 3 {
      let cache = counted.caches[index]
      counted.caches[index].byteCount = min(
        cache.byteCount, Self.mostL3BytesPerCore * cache.sharedByCores)
    }
    self.counted = counted
  }

  /// The candidate with the least predicted time of those that multiply as the formula says; ties go to the simpler kernel
  /// and smaller values.
  ///
  /// A readable kernel only where there is no vector kernel: it rounds products and sums apart, and a network's bits would depend
  /// on the numbers of threads and images for which it is predicted to be faster.
  ///
  /// - Returns: `nil` if no kernel of the registry accepts the problem.
  public func best(
    _ problem: Problem, registry: Registry, upTo instructionSet: InstructionSet, workers: Int
  ) -> Candidate? {
    let kernels = registry.kernels(for: problem, upTo: instructionSet, workers: workers)
      .filter(\.multipliesAsWritten)
    let vectorKernels = kernels.filter { !$0.isReadable }
    return candidates(
      problem, of: vectorKernels.isEmpty ? kernels : vectorKernels, workers: workers
    )
    .min { $0.predictedMicroseconds < $1.predictedMicroseconds }
  }

  /// All candidates of a problem for a number of workers, each with its predicted time. Kernels that
  /// cannot be shared run on one of them.
  public func candidates(
    _ problem: Problem, registry: Registry, upTo instructionSet: InstructionSet, workers: Int
  ) -> [Candidate] {
    candidates(
      problem, of: registry.kernels(for: problem, upTo: instructionSet, workers: workers),
      workers: workers)
  }

  private func candidates(
    _ problem: Problem, of kernels: [Kernel], workers: Int
  ) -> [Candidate] {
    kernels.flatMap { kernel in
      kernel.candidates(ParameterAxis.Context(problem: problem, workers: workers)).map { values in
        Candidate(
          kernel: kernel, values: values, workers: kernel.usableWorkers(of: workers),
          predictedMicroseconds: predictedMicroseconds(kernel, problem, values, workers: workers))
      }
    }
  }

  /// How long one call takes with that many workers, or with one where the kernel cannot be shared. The measured
  /// roofs are used where the machine has them, and typical ones where not.
  public func predictedMicroseconds(
    _ kernel: Kernel, _ problem: Problem, _ values: KernelParameters, workers: Int
  ) -> Double {
    let shared = kernel.usableWorkers(of: workers)
    let estimate: WorkEstimate
    switch kernel.method {
    case .naive: return scalarMicroseconds(problem, gigaflops: 0.6)
    case .tiled, .im2col: return scalarMicroseconds(problem, gigaflops: 2)
    case .simd, .threaded, .fused:
      let rates = VectorRates(kernel.instructionSet, machine)
      estimate = WorkEstimate(
        problem, values, kernel, rates: rates, workers: shared)
    }
    func microseconds(_ flows: [WorkEstimate.Flow]) -> Double {
      flows.reduce(0) {
        $0 + $1.bytes / bandwidth(holding: $1.footprintBytes, workers: shared) / 1000
      }
    }
    // What comes from L2 again and again hides behind the arithmetic until it needs about as long: then tiles of
    // 2 × 8 took 1.08 and of 2 × 5 1.28 of their arithmetic; of 9 × 3, at a fifth of it, 1.00. What is read again
    // from L1 counts as cycles already.
    let rereads = microseconds(
      estimate.rereads.filter { !fits($0.footprintBytes, level: 1, workers: shared) })
    let cycles = estimate.cycles / VectorRates.assumedGigahertz / 1000
    let arithmetic = pow(pow(cycles, 4) + pow(rereads, 4), 0.25)
    let traffic = microseconds(estimate.traffic)
    // Where workers exchange a feature map of 0.4 MB (half of it each), the depthwise layer after it takes 12 µs longer.
    let exchange = estimate.exchangedBytes / Self.exchangeBytesPerNanosecond / 1000
    let barrier = shared > 1 ? 0.3 : 0
    return max(arithmetic, traffic) + 0.2 * min(arithmetic, traffic) + exchange + barrier
  }

  private static let exchangeBytesPerNanosecond = 40.0

  private func scalarMicroseconds(_ problem: Problem, gigaflops: Double) -> Double {
    let work = max(problem.flops, problem.compulsoryBytes / 4)
    return Double(work) / gigaflops / 1000
  }

  private func fits(_ bytes: Double, level: Int, workers: Int) -> Bool {
    counted.cacheShare(level: level, workers: workers).map { bytes <= Double($0) * 0.75 } ?? false
  }

  /// Most CPUs have 1 to 4 MiB of L3 for each core. A virtual machine that declares more shares it with neighbours whom it does
  /// not see: 32 MiB of two cores behave like 4 to 8 (Zen 3) or 12 (Zen 4). 147×147×128→128, 11 MB that come again for each
  /// panel, takes 20 ms where strips of tiles that meet all panels take 10.6 (Zen 3).
  private static let mostL3BytesPerCore = 4 << 20

  /// Bytes per nanosecond that one worker gets from the closest level that holds `bytes` of its own.
  func bandwidth(holding bytes: Double, workers: Int) -> Double {
    let roofs = machine.roofs
    let levels: [(level: Int, rate: Double)] = [
      (1, roofs.l1GigabytesPerSecond ?? 200), (2, roofs.l2GigabytesPerSecond ?? 100),
      (3, roofs.l3GigabytesPerSecond ?? 50),
    ]
    for (level, rate) in levels where fits(bytes, level: level, workers: workers) { return rate }
    return (roofs.dramGigabytesPerSecond ?? 20) / Double(max(1, min(workers, 4)))
  }
}
