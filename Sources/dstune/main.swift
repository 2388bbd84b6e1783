import DSCommandLine
import DSCommands
import Glibc

exit(
  CommandRunner.main(
    TuneCommand.command, version: { ProjectVersion.text(program: "dstune") },
    before: ProgramMemory.check, exitCode: ProgramMemory.exitCode(of:)
  ).rawValue)
