/// The classes a network finds most likely, best first.
package struct Ranking: Hashable, Sendable {
  package struct Place: Hashable, Sendable {
    package var classIndex: Int
    package var probability: Float
  }

  package let places: [Place]

  /// The `count` largest of `probabilities`, or all where there are fewer. Of equal ones, the class
  /// with the lower index comes first.
  package init(_ probabilities: [Float], count: Int) {
    precondition(count > 0, "the best \(count) of \(probabilities.count)")
    let order = probabilities.indices.sorted {
      (probabilities[$1], $0) < (probabilities[$0], $1)
    }
    places = order.prefix(count).map { Place(classIndex: $0, probability: probabilities[$0]) }
  }
}
