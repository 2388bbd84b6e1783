import DSCommandLine
import DSCommands
import DSNetworks
import DSSchedule

/// A schedule named on the command line, and the network it was made for.
enum ScheduleFile {
  static func read(_ path: String) throws(CommandFailure) -> Schedule {
    do {
      return try Schedule.read(path: path)
    } catch {
      throw CommandFailure(.unreadableInput, error.description)
    }
  }

  /// The schedule names its network only; that of a network file is found by `model`.
  static func network(
    of schedule: Schedule, path: String, model: String? = nil
  ) throws(CommandFailure) -> Network {
    do {
      return try Network(
        model: model ?? schedule.network.name, width: schedule.network.width,
        resolution: schedule.network.resolution, batch: schedule.network.batch,
        elementType: schedule.network.elementType)
    } catch {
      throw CommandFailure(
        .unreadableInput, "\(path): its network cannot be made: \(error.description)",
        hint: model == nil ? "name the network's file with --model" : nil)
    }
  }

  /// Finds out before the work whether a schedule can be written there, and that nothing else is lost by it: a network
  /// file, a plan, or the schedule of a later version.
  static func checkReplaceable(_ path: String) throws(CommandFailure) {
    try AtomicPath(path).checkReplaceable(kind: "schedule") {
      (try? Schedule.read(path: $0)) != nil
    }
  }

  static func write(_ schedule: Schedule, to path: String) throws(CommandFailure) {
    do {
      try schedule.write(path: path)
    } catch {
      throw CommandFailure(.machineCannot, error.description)
    }
  }
}
