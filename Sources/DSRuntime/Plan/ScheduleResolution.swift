import DSCore
import DSKernels
import DSNetworks
import DSSchedule

/// Turns a schedule's entries into kernel choices, entry by entry: whatever does not fit this build, CPU or
/// machine falls back to the default kernel and is reported. A wrong schedule can cost speed, never a result.
public struct ScheduleResolution: Sendable {
  public private(set) var choices: [Problem: KernelChoice] = [:]
  public private(set) var report = ScheduleReport()

  /// - Parameters:
  ///   - workers: the threads there are.
  ///   - cacheDomains: the last-level cache of the core that each thread is bound to
  ///     (`LiveMachine.cacheDomains`); empty where threads are not bound.
  public init(
    _ schedule: Schedule, network: Network, machine: MachineDescription,
    instructionSet: InstructionSet, workers: Int, cacheDomains: [Int] = [],
    registry: Registry = .standard
  ) {
    let problems = Set(network.layers.map(\.problem) + network.fusionGroups.map(\.problem))
    let fit = MachineFit(schedule.machine, machine)
    report.notices = schedule.notices + fit.notices
    if schedule.network.name != network.name {
      report.notices.append(
        "the schedule was made for \(schedule.network.name); only problems that \(network.name) shares "
          + "with it are used")
    }
    for entry in schedule.entries {
      let outcome: ScheduleReport.Outcome
      do throws(EntryMismatch) {
        let problem = try Self.problem(of: entry)
        if problems.contains(problem) {
          choices[problem] = try Self.choice(
            entry, problem, fit, registry, instructionSet: instructionSet, workers: workers)
          outcome = .used
        } else {
          outcome = .unrelated
        }
      } catch {
        outcome = .dropped(reason: error.description)
      }
      report.lines.append(.init(problem: entry.problem, kernel: entry.kernel, outcome: outcome))
    }
    noteOtherCores(schedule, cacheDomains: cacheDomains)
  }

  /// Threads are bound one a core, in one order: what was measured with another pattern runs, but maybe not as
  /// fast.
  private mutating func noteOtherCores(_ schedule: Schedule, cacheDomains: [Int]) {
    guard !cacheDomains.isEmpty else { return }
    let used = zip(schedule.entries, report.lines).filter { $1.outcome == .used }
    let others = used.compactMap { CorePattern($0.0.cores) }.filter { pattern in
      pattern.processingUnitsPerCore > 1
        || Set(cacheDomains.prefix(pattern.workers)).count != pattern.cacheDomains
    }
    guard !others.isEmpty else { return }
    let names = Set(others.map(\.description)).sorted().joined(separator: ", ")
    report.notices.append(
      "\(others.count) of the entries were measured on other cores (\(names)) than threads are bound to here, "
        + "one a core and one last-level cache after the other; their times may differ")
  }

  /// A key in any other spelling than its own would be another entry to every other reader of the file.
  private static func problem(of entry: ScheduleEntry) throws(EntryMismatch) -> Problem {
    let problem: Problem
    do { problem = try Problem(key: entry.problem) } catch { throw .key(error.description) }
    guard problem.key == entry.problem else {
      throw .key("the problem is written '\(problem.key)'")
    }
    return problem
  }

  private static func choice(
    _ entry: ScheduleEntry, _ problem: Problem, _ fit: MachineFit, _ registry: Registry,
    instructionSet: InstructionSet, workers: Int
  ) throws(EntryMismatch) -> KernelChoice {
    if let reason = fit.mismatch(of: entry) { throw .machine(reason) }
    guard let pattern = CorePattern(entry.cores) else { throw .cores(entry.cores) }
    guard pattern.workers <= workers else {
      throw .tooManyWorkers(needs: pattern.workers, has: workers)
    }
    do {
      let kernel = try registry.kernel(id: entry.kernel)
      guard kernel.instructionSet <= instructionSet else {
        throw KernelError.missingInstructionSet(
          kernel: kernel.id, needs: kernel.instructionSet, has: instructionSet)
      }
      guard entry.compatibility.isEmpty || entry.compatibility == kernel.compatibility else {
        throw EntryMismatch.compatibility(kernel: kernel.id)
      }
      let block = instructionSet.channelBlock(problem.elementType)
      guard kernel.accepts(problem, workers: pattern.workers, channelBlock: block) else {
        throw KernelError.unsuitable(kernel: kernel.id, problem: problem.key)
      }
      return KernelChoice(
        kernel: kernel,
        values: try kernel.usableValues(entry.parameters, problem, workers: pattern.workers),
        workers: pattern.workers)
    } catch let error as EntryMismatch {
      throw error
    } catch {
      throw .kernel(String(describing: error))
    }
  }
}

extension Kernel {
  /// Values of an entry, refused too where their scratch would be out of all proportion.
  fileprivate func usableValues(
    _ named: [String: Int], _ problem: Problem, workers: Int
  ) throws(KernelError) -> KernelParameters {
    let values = try self.values(named: named)
    let block = channelBlock ?? 16
    let scratch = scratchBytesPerWorker(problem, values, channelBlock: block)
    guard scratch >= 0, scratch <= (1 << 30) / workers else {
      throw .illegalParameters(
        kernel: id,
        reason: "they ask for \(scratch) bytes of scratch for each of \(workers) threads")
    }
    return values
  }
}
