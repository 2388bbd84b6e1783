import DSCommandLine
import DSCore
import DSSchedule
import Glibc

/// The race against other engines that this checkout keeps of the same machine, network and threads.
struct PeerRecord {
  let sentence: String

  private static let limitBytes = 16 << 20

  /// - Returns: `nil` where there is none, as beside an installed program.
  init?(of schedule: Schedule) {
    guard let root = Self.checkout, let machine = Self.folder(of: schedule.machine),
      let bytes = try? AtomicFile.read(
        "\(root)/Results/\(machine)/peers.json", limitBytes: Self.limitBytes),
      let file = try? JSONValue(parsing: bytes), case .array(let races)? = file["cases"],
      let race = races.first(where: { Self.isOf(schedule, $0) }),
      case .array(let engines)? = race["engines"], let peer = race["fastest_peer"]?.words
    else { return nil }
    func engine(_ name: String) -> (title: String, milliseconds: Double)? {
      guard let engine = engines.first(where: { $0["name"]?.words == name }),
        let title = engine["title"]?.words, let version = engine["version"]?.words,
        let milliseconds = engine["milliseconds"]?["median"]?.double
      else { return nil }
      return ("\(title) \(version)", milliseconds)
    }
    guard let own = engine("dstune"), let other = engine(peer) else { return nil }
    let date = file["date"]?.words.map { " of " + $0.prefix(10) } ?? ""
    func shown(_ milliseconds: Double) -> String {
      Quantity.fixed(milliseconds, decimals: 2) + " ms"
    }
    sentence =
      "on record: the race\(date) in Results/\(machine)/peers.md had dstune at \(shown(own.milliseconds)) and the "
      + "fastest peer, \(other.title), at \(shown(other.milliseconds))"
  }

  private static func isOf(_ schedule: Schedule, _ race: JSONValue) -> Bool {
    let network = schedule.network
    return race["model"]?.words == network.name && race["width"]?.double == network.width
      && race["resolution"]?.exactInteger == network.resolution
      && race["batch"]?.exactInteger == network.batch
      && race["threads"]?.exactInteger == schedule.threads
  }

  /// As `Scripts/machine-slug` names it: "AuthenticAMD/26/2" with "core:2 …" is "amd-26-2-2c".
  private static func folder(of machine: MachineIdentity) -> String? {
    let parts = machine.cpu.split(separator: "/").map(String.init)
    guard parts.count == 3, let cores = machine.topology.split(separator: " ").first,
      cores.hasPrefix("core:")
    else { return nil }
    var vendor = parts[0].lowercased()
    for prefix in ["genuine", "authentic"] where vendor.hasPrefix(prefix) {
      vendor.removeFirst(prefix.count)
    }
    return "\(vendor)-\(parts[1])-\(parts[2])-\(cores.dropFirst(5))c"
  }

  /// The folder of the package that this program was built in.
  private static let checkout: String? = {
    guard let program = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(program) }
    var folder = Substring(String(cString: program))
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      if access("\(folder)/Package.swift", R_OK) == 0 { return String(folder) }
    }
    return nil
  }()
}

extension JSONValue {
  fileprivate subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  fileprivate var words: String? {
    if case .string(let text) = self { text } else { nil }
  }
}
