import DSCore
import DSKernels
import DSMachine
import DSRuntime
import Testing

/// The runtime describes its machine without hwloc, the tuner with it. Where they disagree, a schedule
/// would be refused on the very machine it was made on.
@Suite("This machine, seen without hwloc")
struct LiveMachineTests {
  private let live = LiveMachine.current

  @Test("The topology signature and the CPU are those that hwloc gives")
  func agreesWithTopology() throws {
    let declared = try Topology(.live).description
    #expect(live.description.topologySignature == declared.topologySignature)
    #expect(live.description.cpu == declared.cpu)
    #expect(live.description.instructionSet == declared.instructionSet)
  }

  @Test("One processor a core, each once")
  func processors() {
    #expect(live.processors.count == live.description.cores)
    #expect(Set(live.processors).count == live.processors.count)
    #expect(live.description.cores <= live.description.processingUnits)
    #expect(live.description.instructionSet == Registry.bestInstructionSet)
  }
}
