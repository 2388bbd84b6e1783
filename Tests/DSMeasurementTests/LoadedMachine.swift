import DSCore
import DSMeasurement

/// A machine that has other work to do, simulated: threads lose their CPU for some slices of time, and memory is slow in phases.
final class LoadedMachine {
  enum Load: String, CaseIterable {
    case idle
    case oneLoop
    case twoLoops
    case fourLoops
    case streamer
    case bursts

    /// Busy threads on our CPU.
    fileprivate var competitors: Int {
      switch self {
      case .idle, .streamer: 0
      case .oneLoop, .twoLoops: 1
      case .fourLoops, .bursts: 2
      }
    }
  }

  private static let slice = 3e6

  private let load: Load
  private var noise: Noise
  private let machine = SimulatedMachine()
  private var switches = 0
  private var sliceLeft = LoadedMachine.slice
  private var phaseEnd = 0.0
  private var isBusyPhase = false
  private var slowness = 1.0

  init(_ load: Load, seed: UInt64) {
    self.load = load
    noise = Noise(seed: seed)
  }

  var clock: Clock { machine.clock }

  var timer: BlockTimer {
    BlockTimer(
      clock: clock, threadState: { [self] in .init(contextSwitches: switches) }, clockRate: nil)
  }

  /// Runs something that takes so many nanoseconds alone.
  func run(_ nanoseconds: Double) {
    beginPhase()
    var left = nanoseconds * noise.skewed(spread: 0.003) * slowness
    let isShared = load.competitors > 0 && (load != .bursts && load != .oneLoop || isBusyPhase)
    while isShared && left > sliceLeft {
      machine.advance(sliceLeft)
      left -= sliceLeft
      sliceLeft = Self.slice
      switches += 1
      machine.advance(Double(load.competitors) * Self.slice * noise.skewed(spread: 0.3))
    }
    if isShared { sliceLeft -= left }
    machine.advance(left)
  }

  /// Load comes and goes; a phase lasts longer than a block and is shorter than a measurement.
  private func beginPhase() {
    guard Double(clock.now()) >= phaseEnd else { return }
    isBusyPhase.toggle()
    slowness = load == .streamer && isBusyPhase ? noise.skewed(spread: 0.4) : 1
    phaseEnd = Double(clock.now()) + 6e7 * noise.skewed(spread: 0.8)
  }
}
