import DSCore
import DSKernels
import DSSchedule

/// The version of the package and what this build can do.
public enum ProjectVersion {
  public static let number = ToolIdentity.packageVersion

  /// Text of `--version`.
  public static func text(program: String) -> String {
    let sets = Set(Registry.standard.kernels.map(\.instructionSet)).sorted().map(\.rawValue)
    return """
      \(program) \(number)
      kernels: \(Registry.standard.kernels.count) for \(sets.joined(separator: ", ")); \
      registry \(Registry.standard.signature)
      this CPU: \(Registry.bestInstructionSet.rawValue)
      """
  }
}
