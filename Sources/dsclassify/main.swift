import DSCommandLine
import DSCommands
import Glibc

exit(
  CommandRunner.main(
    ClassifyCommand.command, version: { ProjectVersion.text(program: "dsclassify") },
    before: ProgramMemory.check, exitCode: ProgramMemory.exitCode(of:)
  ).rawValue)
