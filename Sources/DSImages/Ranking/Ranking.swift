/// The classes that a network gives the largest values, probabilities or scores, best first.
package struct Ranking: Hashable, Sendable {
  package struct Place: Hashable, Sendable {
    package var classIndex: Int
    package var value: Float
  }

  package let places: [Place]

  /// The `count` largest of `values`, or all where there are fewer. Of equal ones, the class
  /// with the lower index comes first.
  package init(_ values: [Float], count: Int) {
    precondition(count > 0, "the best \(count) of \(values.count)")
    let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
    places = order.prefix(count).map { Place(classIndex: $0, value: values[$0]) }
  }
}
