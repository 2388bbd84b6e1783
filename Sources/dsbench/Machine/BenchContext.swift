import DSCommands
import DSCore
import DSReporting
import DSRuntime

/// What a record says of where, when and with what it was made.
enum BenchContext {
  static func current(_ machine: MachineDescription, processors: [Int]) -> RunContext {
    RunContext.current(
      tool: "dsbench", version: ProjectVersion.number, commit: BuildIdentity.commit,
      compiler: BuildIdentity.compiler, command: CommandText.ofThisProcess, machine: machine,
      cpus: processors)
  }

  /// Of a command that measures nothing itself: no doubts about the machine.
  static var unmeasured: RunContext {
    let live = LiveMachine.current
    var context = current(live.description, processors: live.processors)
    context.doubts = []
    return context
  }
}
