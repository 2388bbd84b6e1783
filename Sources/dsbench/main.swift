import DSCommandLine
import DSCommands
import Glibc

let dsbench = Command(
  "dsbench", summary: "Measure and compare convolution kernels and networks on this machine",
  examples: [
    .init(
      "dsbench compare kernels --problem 'depthwise 3x3 s1 p1,1 112x112x32 relu6 f32'",
      "Every implementation of one layer, naive to threaded"),
    .init("dsbench compare kernels -m mobilenet-v1 -f csv", "Of a whole network, as CSV"),
    .init("dsbench roofline", "The ceilings of this machine's cores, caches and memory"),
    .init("dsbench compare blocks", "What a separable convolution saves, on paper and here"),
    .init("dsbench run -m mobilenet-v1 -t 1", "A network's latency, layer by layer"),
  ],
  subcommands: [
    CompareCommand.command, RunCommand.command, RooflineCommand.command, ListCommand.command,
    CostCommand.command,
  ])

exit(
  CommandRunner.main(
    dsbench, version: { ProjectVersion.text(program: "dsbench") },
    before: ProgramMemory.check, exitCode: ProgramMemory.exitCode(of:)
  ).rawValue)
