import DSCore

/// The winner for one problem, and how sure that is.
public struct ScheduleEntry: Sendable, Equatable {
  /// How an entry came about.
  public enum State: String, Sendable, CaseIterable {
    /// Made by the cache model, never timed.
    case predicted
    /// Timed, but the time ran out before every candidate had its turn.
    case partial
    /// Timed against all its candidates.
    case measured
    /// Measured, and again better than the default in the whole network.
    case confirmed
    /// Made on another kind of machine. Read and merged, but not written by this version.
    case foreign

    /// Greater is more certain. What was measured elsewhere says less than a model of this machine.
    var certainty: Int {
      switch self {
      case .foreign: 0
      case .predicted: 1
      case .partial: 2
      case .measured: 3
      case .confirmed: 4
      }
    }
  }

  /// The problem's key (`Problem.key`).
  public var problem: String
  /// How many layers of the network have this problem.
  public var count: Int
  /// The kernel's id in the registry.
  public var kernel: String
  /// The kernel's own compatibility hash: id, parameters' names and legal ranges, numeric class.
  public var compatibility: String
  /// Values by parameter name, as found in the file: the registry decides what is in range.
  public var parameters: [String: Int]
  /// Which cores work on it, as the text of a `CorePattern`.
  public var cores: String
  public var state: State
  public var microseconds: MeasuredInterval
  /// Time of the default divided by the time of this entry; greater than 1 is faster.
  public var vsDefault: RatioInterval?
  /// Kernels that measuring could not tell from the winner.
  public var ties: [String]
  /// What limits it: "fma", "l2", "dram", …
  public var bound: String?
  public var note: String?
  /// Fields of newer versions and of other tools, kept when the file is rewritten.
  public var unknown: [String: JSONValue]

  public init(
    problem: String, count: Int = 1, kernel: String, compatibility: String = "",
    parameters: [String: Int] = [:], cores: String = CorePattern(cores: 1).description,
    state: State, microseconds: MeasuredInterval, vsDefault: RatioInterval? = nil,
    ties: [String] = [], bound: String? = nil, note: String? = nil,
    unknown: [String: JSONValue] = [:]
  ) {
    self.problem = problem
    self.count = count
    self.kernel = kernel
    self.compatibility = compatibility
    self.parameters = parameters
    self.cores = cores
    self.state = state
    self.microseconds = microseconds
    self.vsDefault = vsDefault
    self.ties = ties
    self.bound = bound
    self.note = note
    self.unknown = unknown
  }

  /// Whether both run the same kernel with the same parameters on the same cores.
  public func choosesTheSame(as other: ScheduleEntry) -> Bool {
    kernel == other.kernel && parameters == other.parameters && cores == other.cores
  }
}

extension ScheduleEntry: FileObject {
  init() {
    self.init(problem: "", kernel: "", state: .predicted, microseconds: MeasuredInterval())
  }

  static let fields: [FileField<ScheduleEntry>] = [
    .required("problem", \.problem, .text),
    .required("count", \.count, .integer(atLeast: 1)),
    .required("kernel", \.kernel, .text),
    .defaulted("compatibility", \.compatibility, .text, ""),
    .required("parameters", \.parameters, .dictionary(.integer)),
    .required("cores", \.cores, .text),
    .required("state", \.state, .name),
    .required("microseconds", \.microseconds, .object),
    .optional("vs_default", \.vsDefault, .object),
    .defaulted("ties", \.ties, .list(.text), []),
    .optional("bound", \.bound, .text),
    .optional("note", \.note, .text),
  ]
}
