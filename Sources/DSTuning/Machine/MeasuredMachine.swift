import CSystem
import DSCore
import DSKernels
import DSMachine

/// This machine: its topology, and the roofs that our own kernels measured on one of its cores.
public struct MeasuredMachine: Sendable {
  public let topology: Topology
  public let measurement: RoofMeasurement
  /// The topology's description with measured roofs, and measured cache sizes where hwloc is refuted.
  public let description: MachineDescription
  public let instructionSet: InstructionSet

  /// Measures for about `budgetSeconds`, or until `shouldStop` says so; what was not measured by then is not known.
  public init(
    topology: Topology, instructionSet: InstructionSet = Registry.bestInstructionSet,
    budgetSeconds: Double = 1, shouldStop: () -> Bool = { false }
  ) {
    let kernels = FastKernelSet.all.last { $0.instructionSet <= instructionSet }
    let sink = AlignedBuffer(fewBytes: 256)
    let probe = RoofProbe(
      topology: topology, budgetSeconds: budgetSeconds,
      fmaProbe: { repetitions in kernels?.arithmeticRoof(repetitions, sink.base) ?? 0 },
      memoryRead: { address, byteCount in kernels?.readRoof(address, byteCount) ?? 0 })
    self.init(
      topology: topology, instructionSet: instructionSet,
      measurement: probe.measure(shouldStop: shouldStop))
  }

  /// A machine that was measured before.
  public init(
    topology: Topology, instructionSet: InstructionSet, measurement: RoofMeasurement
  ) {
    self.topology = topology
    self.instructionSet = instructionSet
    self.measurement = measurement
    description = topology.description.applying(measurement)
  }
}
