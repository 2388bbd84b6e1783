import DSMeasurement
import DSSchedule

/// The trials of a journal, by race.
public struct RecordedTrials: Sendable {
  public struct Race: Sendable {
    /// Candidates' labels in the race's order.
    public var candidates: [String] = []
    public var iterations: Int?
    public var rounds: [[BlockRecord]] = []
    /// Labels of candidates that computed something wrong.
    public var invalid: Set<String> = []
    /// The race's own noise floor, where it has one.
    public var floor: Double?
    /// What the race was given; more than is usual where even two candidates take longer.
    public var seconds: Double?
    /// Whether the race came to its end.
    public var isFinished = false

    /// The rounds up to the first one that a race of so many candidates cannot have had: a file may say
    /// anything.
    func rounds(among candidates: Int) -> [[BlockRecord]] {
      Array(
        rounds.prefix { round in
          let runners = Set(round.map(\.candidate))
          return runners.contains(0) && runners.count == round.count
            && runners.allSatisfy { (0..<candidates).contains($0) }
        })
    }
  }

  public private(set) var races: [String: Race] = [:]
  public private(set) var noiseFloor: Double?
  /// What a barrier of all threads took, at different times.
  public private(set) var barrierNanoseconds: [Double] = []
  /// What the steps' times inside the network decided.
  public private(set) var inNetwork: InNetworkRecord?
  /// What was timed for the ladder at the end.
  public private(set) var ladder: LadderRecord?

  public init() {}

  /// Only the first rounds of every race; all of them for `nil`.
  public func limited(toRounds limit: Int?) -> RecordedTrials {
    guard let limit else { return self }
    var result = self
    for key in races.keys {
      result.races[key]?.rounds = Array(races[key, default: Race()].rounds.prefix(limit))
    }
    return result
  }

  /// Takes in one line; what is no known record is passed over, so that newer journals can be read.
  mutating func add(_ record: JSONValue) {
    guard case .object(let object) = record else { return }
    if let ratio = object["noise"]?.double { noiseFloor = ratio }
    // A second is no barrier but a machine that stood still, or a damaged file.
    if let barrier = object["barrier_ns"]?.double, barrier > 0, barrier < 1e9 {
      barrierNanoseconds.append(barrier)
    }
    if let record = InNetworkRecord(journal: object) { inNetwork = record }
    if let record = LadderRecord(journal: object) { ladder = record }
    guard case .string(let race)? = object["race"] else { return }
    if case .array(let labels)? = object["candidates"] {
      let candidates = labels.compactMap(\.plainString)
      // A race that begins with other candidates is another one.
      if races[race]?.candidates != candidates { races[race] = Race() }
      races[race, default: Race()].candidates = candidates
    }
    if let floor = object["floor"]?.double, floor >= 1 {
      races[race, default: Race()].floor = floor
    }
    if let seconds = object["seconds"]?.double, seconds > 0 {
      races[race, default: Race()].seconds = seconds
    }
    // What no calibration gives is passed over: blocks of it could not be run.
    if let iterations = object["iterations"]?.exactInteger, 1...1 << 24 ~= iterations {
      races[race, default: Race()].iterations = iterations
    }
    if case .array(let labels)? = object["invalid"] {
      races[race, default: Race()].invalid.formUnion(labels.compactMap(\.plainString))
    }
    if case .array(let blocks)? = object["blocks"] {
      let round = blocks.compactMap(BlockRecord.init(journal:))
      if round.count == blocks.count { races[race, default: Race()].rounds.append(round) }
    }
    if case .bool(true)? = object["finished"] { races[race, default: Race()].isFinished = true }
  }
}

extension JSONValue {
  fileprivate var plainString: String? {
    if case .string(let text) = self { text } else { nil }
  }
}

extension BlockRecord {
  /// [candidate, round, iterations, nanoseconds, CPU before, CPU after, switches, minor, major faults, drop].
  var journal: JSONValue {
    let numbers = [
      candidate, round, iterations, Int(elapsedNanoseconds), cpuBefore, cpuAfter, contextSwitches,
      minorFaults, majorFaults,
    ]
    let reason = dropReason.map { [JSONValue.string($0.rawValue)] } ?? []
    return .array(numbers.map(JSONValue.integer) + reason)
  }

  fileprivate init?(journal: JSONValue) {
    guard case .array(let values) = journal, values.count == 9 || values.count == 10 else {
      return nil
    }
    let numbers = values.prefix(9).compactMap(\.exactInteger)
    guard numbers.count == 9, numbers.allSatisfy({ $0 >= -1 }), numbers[2] > 0, numbers[3] > 0
    else { return nil }
    self.init(
      candidate: numbers[0], round: numbers[1], iterations: numbers[2],
      elapsedNanoseconds: UInt64(numbers[3]), cpuBefore: numbers[4], cpuAfter: numbers[5],
      contextSwitches: numbers[6], minorFaults: numbers[7], majorFaults: numbers[8],
      counters: nil)
    dropReason = values.count == 10 ? values[9].plainString.flatMap(DropReason.init) : nil
  }
}
