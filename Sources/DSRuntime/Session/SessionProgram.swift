import CSystem
import DSCore
import DSKernels

/// What all workers do in an inference, stretch after stretch, with all addresses resolved.
final class SessionProgram: @unchecked Sendable {
  private let workers: Int
  private let functions: [KernelFunction]
  private let steps: UnsafeMutableBufferPointer<SessionStep>
  /// Of each stretch and worker, where its steps are.
  private let places: [Range<Int>]
  private let imageSteps: [Int]
  private let pieces: PieceCounts
  let stretchCount: Int

  /// - Parameters:
  ///   - arena: `network.memory.byteCount` bytes.
  ///   - scratch: `scratchBytesPerWorker` for each worker.
  init(
    _ network: NetworkParts, arena: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer,
    scratchBytesPerWorker: Int
  ) {
    workers = network.plan.workers
    functions = network.steps.map(\.kernel.run)
    stretchCount = network.stretches.count
    var program = network.program(
      arena: arena, scratch: scratch, scratchBytesPerWorker: scratchBytesPerWorker)
    pieces = PieceCounts(shares: network.sharedSteps.count * workers)
    let shared = network.stretches.indices.filter {
      network.sharedSteps.contains(network.stretches[$0].lowerBound)
    }
    for (place, stretch) in shared.enumerated() {
      for worker in 0..<workers {
        program[stretch * workers + worker][0].call.nextPiece = pieces[place * workers + worker]
      }
    }
    var places: [Range<Int>] = []
    for part in program {
      let start = places.last?.upperBound ?? 0
      places.append(start..<(start + part.count))
    }
    self.places = places
    let all = program.flatMap { $0 }
    imageSteps = all.indices.filter { all[$0].imageOffset != nil }
    steps = .allocate(capacity: all.count)
    _ = steps.initialize(from: all)
  }

  deinit {
    steps.deinitialize()
    steps.deallocate()
  }

  /// In a child of `fork`, where nobody takes the pieces that were offered.
  func restart() { pieces.restart() }

  /// Every inference before it begins: where its images are.
  func read(from images: UnsafeRawPointer) {
    for step in imageSteps { steps[step].call.input = images + (steps[step].imageOffset ?? 0) }
  }

  /// One worker's part of a stretch, and what the others have not come to.
  @inline(__always)
  func run(_ stretch: Int, _ worker: Int) {
    let place = places[stretch * workers + worker]
    for index in place {
      guard let step = begin(index) else { return }
      guard let nextPiece = step.pointee.call.nextPiece else {
        share(step)
        continue
      }
      cs_offer_pieces(nextPiece)
      share(step)
      // Of those who have begun, what they have not taken yet.
      for distance in 1..<workers {
        let other = places[stretch * workers + (worker + distance) % workers].lowerBound
        if let base = steps.baseAddress { share(base + other) }
      }
    }
  }

  /// The same, of a chain: with the nanoseconds of each step added to those of its index.
  func run(_ stretch: Int, _ worker: Int, adding nanoseconds: UnsafeMutableBufferPointer<UInt64>) {
    var start = cs_monotonic_ns()
    for index in places[stretch * workers + worker] {
      guard let step = begin(index) else { return }
      share(step)
      let end = cs_monotonic_ns()
      nanoseconds[step.pointee.index] += ClockTime.elapsed(from: start, to: end)
      start = end
    }
  }

  @inline(__always)
  private func begin(_ index: Int) -> UnsafeMutablePointer<SessionStep>? {
    guard let base = steps.baseAddress else { return nil }
    let step = base + index
    for copy in step.pointee.copies { copy.run() }
    return step
  }

  @inline(__always)
  private func share(_ step: UnsafeMutablePointer<SessionStep>) {
    // A pointer and no access for writing: several workers may be at it.
    guard step.pointee.worker < step.pointee.workers, let call = step.pointer(to: \.call) else {
      return
    }
    functions[step.pointee.index](call, step.pointee.worker, step.pointee.workers)
  }
}
