import DSCore
import DSCommandLine
import DSSchedule
import DSTuning

/// A plan of shards named on the command line.
enum PlanFile {
  private static let limitBytes = 16 << 20

  static func read(_ path: String) throws(CommandFailure) -> ShardPlan {
    do {
      let bytes = try AtomicFile.read(path, limitBytes: limitBytes) ?? []
      return try ShardPlan(JSONValue(parsing: bytes))
    } catch {
      throw CommandFailure(.unreadableInput, "\(path): \(error)")
    }
  }
}
