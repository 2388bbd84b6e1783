import DSCommandLine
import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule

extension Arguments {
  /// The network of `--model`, `--width`, `--resolution` and `--batch`.
  ///
  /// - Parameter batch: for commands without `--batch`.
  public func network(named model: String? = nil, batch: Int? = nil) throws -> Network {
    guard let name = model ?? string("model") else {
      throw usageError("--model is missing: mobilenet-v1, mobilenet-v2, xception or a network file")
    }
    guard let width = Double(string("width") ?? "1") else {
      throw usageError("--width takes a number, not '\(string("width") ?? "")'")
    }
    do {
      return try Network(
        model: name, width: width, resolution: integer("resolution"),
        batch: batch ?? integer("batch") ?? 1)
    } catch {
      throw failure(error)
    }
  }

  /// Of a file that is no network, or of a command line that names none.
  public func failure(_ error: NetworkError) -> any Error {
    switch error {
    case .unreadableFile, .malformedFile, .impossibleLayer, .impossibleNetwork:
      return CommandFailure(.unreadableInput, error.description)
    default:
      return usageError(error.description)
    }
  }

  /// `--threads` and `--isa`.
  public func runtimeOptions() -> RuntimeOptions {
    RuntimeOptions(
      threads: integer("threads"), instructionSet: string("isa").flatMap(InstructionSet.init))
  }

  /// The file of `--schedule`, if there is one.
  public func schedule() throws -> Schedule? {
    guard let path = string("schedule") else { return nil }
    do {
      return try Schedule.read(path: path)
    } catch {
      throw CommandFailure(.unreadableInput, error.description)
    }
  }
}

extension CommandFailure {
  /// What the machine cannot do, as exit code 4.
  public init(_ error: RuntimeError) {
    self.init(.machineCannot, error.description)
  }
}

extension Console {
  /// Says what became of a schedule: nothing where all of it was used, otherwise what was not and why.
  public func report(_ report: ScheduleReport) {
    for notice in report.notices { warning(notice) }
    for line in report.droppedLines.prefix(5) {
      guard case .dropped(let reason) = line.outcome else { continue }
      warning("'\(line.problem)' runs with its default kernel: \(reason)")
    }
    if report.droppedLines.count > 5 {
      warning("\(report.droppedLines.count - 5) more entries were dropped")
    }
    if !report.lines.isEmpty { note("schedule: \(report.summary)") }
  }
}
