import DSCommandLine
import DSCommands
import Glibc

exit(
  CommandRunner.main(TuneCommand.command, version: { ProjectVersion.text(program: "dstune") })
    .rawValue)
