import DSMachine
import Foundation
import Testing

@Suite struct BindingTests {
  @Test(.enabled(if: TopologySource.fromEnvironment() == .live))
  func bindsToEveryAllowedProcessor() async throws {
    let topology = try Topology(.live)
    let failures = await onOwnThread {
      topology.allowedProcessors.prefix(8).compactMap { topology.bindCurrentThread(to: $0) }
    }
    #expect(failures.isEmpty)
    // A bound thread does not narrow what the process may use.
    let again = await onOwnThread {
      _ = topology.bindCurrentThread(to: topology.allowedProcessors[0])
      return (try? Topology(.live))?.allowedProcessors
    }
    #expect(again == topology.allowedProcessors)
  }

  @Test(arguments: [-1, 1 << 20, .max])
  func processorsOutOfReachAreReported(_ processor: Int) throws {
    let failure = try Topology(.live).bindCurrentThread(to: processor)
    #expect(failure?.processor == processor)
    #expect(failure?.description.contains("\(processor)") == true)
  }

  @Test func anotherMachineBindsNothing() throws {
    let topology = try Topology(.synthetic("pack:1 core:2 pu:1"))
    #expect(topology.bindCurrentThread(to: 0) != nil)
  }

  private func onOwnThread<Result: Sendable>(
    _ work: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: work()) }.start()
    }
  }
}
