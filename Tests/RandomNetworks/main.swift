import DSCore
import DSKernels
import Glibc

// Runs random networks for Scripts/check-random: many in one process, since starting one takes longer than a small network.
//
//     RandomNetworks ISA,… THREADS,… SCHEDULES < JOBS
//
// A line of standard input is a job: a folder with network.json, w.safetensors and in.npy (images of the network's shape), and a
// seed. Each job's runs are one line of JSON each; a line "done" ends the job. What cannot be run ends the process with 3.

func end(_ code: Int32, _ reason: String) -> Never {
  let line = "RandomNetworks: \(reason)\n"
  _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(code)
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count == 3, let schedules = Int(words[2]) else {
  end(2, "takes instruction sets, numbers of threads, and how many schedules")
}
let instructionSets = words[0].split(separator: ",").compactMap {
  InstructionSet(rawValue: String($0))
}
let threads = words[1].split(separator: ",").compactMap { Int($0) }
if instructionSets.isEmpty || threads.isEmpty { end(2, "'\(words)' names nothing to run") }
while let line = readLine() {
  let parts = line.split(separator: " ")
  guard parts.count == 2, let seed = UInt64(parts[1]) else {
    end(2, "'\(line)' is no folder and seed")
  }
  do {
    let job = try NetworkJob(folder: String(parts[0]), seed: seed)
    try job.runAll(
      instructionSets: instructionSets.filter { $0 <= Registry.bestInstructionSet },
      threads: threads, schedules: schedules
    ) { print($0) }
    print("done")
    fflush(nil)
  } catch {
    end(3, "\(parts[0]): \(error)")
  }
}
