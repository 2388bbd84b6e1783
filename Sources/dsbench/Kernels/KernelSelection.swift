import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSNetworks
import DSRuntime

/// Which problems to measure, and with which candidates: what the flags of `compare kernels` select.
struct KernelSelection {
  struct Entry {
    let problem: Problem
    let candidates: [Candidate]
  }

  let entries: [Entry]
  /// Bytes of all weights that come round between two uses of a problem's own.
  let weightBytes: Int?

  /// - Parameter copies: how often each candidate is entered.
  init(
    _ arguments: Arguments, threads: [Int], instructionSet: InstructionSet, copies: Int
  ) throws {
    let network = try arguments.string("model").map { try arguments.network(named: $0) }
    let problems = try Self.problems(arguments, network)
    weightBytes = network.map { $0.layers.reduce(0) { $0 + $1.stage.weightCount * 4 } }
    let filter = try Filter(arguments)
    // The machine as the runtime sees it, without measured roofs: the same candidates in every run.
    let model = CostModel(machine: LiveMachine.current.description)
    entries = try problems.map { problem in
      let candidates = try filter.candidates(
        for: problem, model: model, threads: threads, instructionSet: instructionSet)
      return Entry(
        problem: problem,
        candidates: candidates.flatMap { Array(repeating: $0, count: copies) })
    }.filter { !$0.candidates.isEmpty }
    if entries.isEmpty {
      throw arguments.usageError(
        "nothing to measure: no kernel that --kernels, --methods, --parameters and --threads leave "
          + "accepts the chosen problems (see dsbench list kernels)")
    }
  }

  private static func problems(_ arguments: Arguments, _ network: Network?) throws -> [Problem] {
    if let text = arguments.string("problem") {
      if network != nil {
        throw arguments.usageError("--model and --problem exclude each other; give one of them")
      }
      let keys: [Substring] = text.split(separator: ";")
      return try keys.map { key in
        do {
          return try Problem(key: key.trimmed)
        } catch {
          throw arguments.usageError("\(error)")
        }
      }
    }
    guard let network else {
      throw arguments.usageError(
        "nothing to measure: name a network with --model or a problem with --problem")
    }
    let wantsFused = arguments.strings("methods")?.contains("fused") == true
    let fused = wantsFused ? network.fusionGroups.map(\.problem) : []
    var seen: Set<Problem> = []
    return (network.problems.map(\.problem) + fused).filter { seen.insert($0).inserted }
  }

  /// Which kernels and parameter values are wanted.
  private struct Filter {
    let kernels: Set<String>?
    let methods: Set<KernelMethod>?
    let parameters: [String: Int]?
    let takesAll: Bool

    init(_ arguments: Arguments) throws {
      kernels = try arguments.strings("kernels").map { ids in
        for id in ids {
          do {
            _ = try Registry.standard.kernel(id: id)
          } catch {
            throw arguments.usageError("\(error); dsbench list kernels names them all")
          }
        }
        return Set(ids)
      }
      methods = try arguments.strings("methods").map { names in
        Set(
          try names.map { name in
            guard let method = KernelMethod(rawValue: name) else {
              let known = KernelMethod.allCases.map(\.rawValue).joined(separator: ", ")
              throw arguments.usageError("there is no method '\(name)'; there are \(known)")
            }
            return method
          })
      }
      parameters = try arguments.kernelParameters("parameters")
      takesAll = arguments.flag("all")
    }

    func candidates(
      for problem: Problem, model: CostModel, threads: [Int], instructionSet: InstructionSet
    ) throws -> [Candidate] {
      var result: [Candidate] = []
      for workers in Set(threads + [1]).sorted() {
        let kernels = Registry.standard.kernels(
          for: problem, upTo: instructionSet, workers: workers
        ).filter { kernel in
          // What one thread alone can do is measured once, whatever --threads says.
          (kernel.isParallel ? threads.contains(workers) : workers == 1)
            && self.kernels?.contains(kernel.id) ?? true
            && methods?.contains(kernel.method) ?? true
        }
        for kernel in kernels {
          let rungs = choices(kernel, problem, workers: workers).map { values in
            Candidate(
              kernel: kernel, values: values, workers: workers,
              predictedMicroseconds: model.predictedMicroseconds(
                kernel, problem, values, workers: workers))
          }
          if takesAll {
            result += rungs
          } else if let best = rungs.min(by: {
            $0.predictedMicroseconds < $1.predictedMicroseconds
          }) {
            result.append(best)
          }
        }
      }
      return result.sorted { $0.rank < $1.rank }
    }

    private func choices(
      _ kernel: Kernel, _ problem: Problem, workers: Int
    ) -> [KernelParameters] {
      if let parameters, !kernel.parameters.isEmpty {
        return (try? kernel.values(named: parameters)).map { [$0] } ?? []
      }
      return kernel.candidates(ParameterAxis.Context(problem: problem, workers: workers))
    }
  }
}

extension Candidate {
  /// The place on the ladder.
  fileprivate var rank: (Int, InstructionSet, Int) {
    (KernelMethod.allCases.firstIndex(of: kernel.method) ?? 0, kernel.instructionSet, workers)
  }
}

extension Substring {
  /// Without spaces at either end.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
