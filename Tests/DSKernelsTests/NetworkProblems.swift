import DSCore
import DSNetworks
import TestSupport

/// The distinct problems of the three networks at full size: every layer's, and every block's that
/// a fused kernel could do.
enum NetworkProblems {
  static let all: [Problem] = {
    var problems: [Problem] = []
    for network in Model.allCases.compactMap({ try? Network(model: $0) }) {
      problems += network.problems.map(\.problem) + network.fusionGroups.map(\.problem)
    }
    return problems.unique
  }()

  /// What one test run goes through; on an emulated CPU the cheapest of each operator.
  static let tested: [Problem] =
    TestEffort.isQuick
    ? Operator.allCases.compactMap { operation in
      all.filter { $0.operation == operation }.min { $0.cost < $1.cost }
    } : all

  /// Keys stand for problems in test arguments: short, and any one can be asked for by name.
  static let testedKeys = tested.map(\.key)

  /// The readable kernels do about 1 G multiply-adds a second; beyond this they are left out.
  static let readableLimitMultiplyAdds = 60_000_000
}

extension Problem {
  fileprivate var cost: Int { multiplyAdds + input.elementCount + output.elementCount }

  /// Output pixels to check: where borders meet, where tiles begin and end, and some at random.
  var sampledPixels: [Int] {
    let (height, width) = (output.height, output.width)
    let rows = Set([0, 1, height / 2, height - 2, height - 1].filter { (0..<height).contains($0) })
    let columns = Set([0, 1, width / 2, width - 1].filter { (0..<width).contains($0) })
    var generator = SeededGenerator(seed: UInt64(output.elementCount))
    let random = (0..<8).map { _ in Int.random(in: 0..<output.pixelCount, using: &generator) }
    let edges = rows.flatMap { row in columns.map { row * width + $0 } }
    return Set(edges + random + [output.pixelCount - 1]).sorted()
  }
}

extension Array where Element: Hashable {
  /// Each element once, in the order of first appearance.
  fileprivate var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
