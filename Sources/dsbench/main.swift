import DSCommandLine
import DSCommands
import Glibc

let dsbench = Command(
  "dsbench", summary: "Measure and compare convolution kernels and networks on this machine",
  subcommands: [RunCommand.command, CostCommand.command])

exit(
  CommandRunner.main(dsbench, version: { ProjectVersion.text(program: "dsbench") }).rawValue)
