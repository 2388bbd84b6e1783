import DSCommandLine

/// `dsbench compare …`: two or more of anything, side by side.
enum CompareCommand {
  static let command = Command(
    "compare", summary: "Compare kernels, schedules, networks or saved results",
    examples: [
      CompareKernelsCommand.command, CompareSchedulesCommand.command, CompareRunsCommand.command,
    ]
    .flatMap { $0.examples.prefix(1) },
    subcommands: [
      CompareKernelsCommand.command, CompareSchedulesCommand.command,
      CompareNetworksCommand.command, CompareRunsCommand.command,
      CompareBlocksCommand.command,
    ])
}
