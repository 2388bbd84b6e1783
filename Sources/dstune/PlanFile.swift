import DSCore
import DSCommandLine
import DSSchedule
import DSTuning

/// A plan of shards named on the command line.
enum PlanFile {
  private static let limitBytes = 16 << 20

  static func read(_ path: String) throws(CommandFailure) -> ShardPlan {
    do {
      guard let bytes = try AtomicFile.read(path, limitBytes: limitBytes) else {
        throw AtomicFile.Failure(reason: "it has more than \(limitBytes >> 20) MiB")
      }
      return try ShardPlan(JSONValue(parsing: bytes))
    } catch let error as AtomicFile.Failure {
      throw CommandFailure(.unreadableInput, "\(path): cannot be read: \(error)")
    } catch let error as JSONError {
      throw CommandFailure(.unreadableInput, "\(path): is no JSON: \(error)")
    } catch {
      throw CommandFailure(.unreadableInput, "\(path): \(error)")
    }
  }
}
