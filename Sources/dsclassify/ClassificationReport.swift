import DSCommandLine
import DSImages
import DSRuntime
import DSSchedule

/// What `dsclassify` prints: the likeliest classes, or those with the highest scores, and how they were computed.
struct ClassificationReport {
  private let ranking: Ranking
  private let classification: Classification
  private let prepared: PreparedNetwork
  private let labels: Labels?
  private let image: String
  private let weights: String
  private let schedule: String?

  init(
    _ classification: Classification, prepared: PreparedNetwork, labels: Labels?, count: Int,
    image: String, weights: String, schedule: String?
  ) {
    ranking = Ranking(classification.outputs, count: count)
    self.classification = classification
    self.prepared = prepared
    self.labels = labels
    self.image = image
    self.weights = weights
    self.schedule = schedule
  }

  var table: Table {
    var columns: [Table.Column] = [
      .init("class", alignment: .right),
      .init(classification.areProbabilities ? "probability" : "score", alignment: .right),
    ]
    if labels != nil { columns.append(.init("label", minimumWidth: 8)) }
    var table = Table(columns: columns)
    for place in ranking.places {
      let value = classification.areProbabilities ? Self.percent(place.value) : "\(place.value)"
      let row = ["\(place.classIndex)", value]
      table.append(row + (labels.map { [$0.names[place.classIndex]] } ?? []))
    }
    return table
  }

  /// With two decimals: the best of a thousand classes may have less than one percent.
  private static func percent(_ probability: Float) -> String {
    Quantity.fixed(100 * Double(probability), decimals: 2) + " %"
  }

  var json: JSONValue {
    let plan = prepared.plan
    return .object([
      "model": .string(plan.network.name), "width": .number(plan.network.width),
      "resolution": .integer(plan.network.resolution), "threads": .integer(plan.workers),
      "isa": .string(plan.instructionSet.rawValue),
      "schedule": schedule.map(JSONValue.string) ?? .null,
      "schedule_entries_used": .integer(prepared.scheduleReport.usedCount),
      "weights": .string(weights), "image": .string(image),
      "top": .array(
        ranking.places.map { place in
          .object([
            "class": .integer(place.classIndex),
            "label": labels.map { .string($0.names[place.classIndex]) } ?? .null,
            "probability": classification.areProbabilities ? .number(Double(place.value)) : .null,
            "logit": .number(Double(classification.scores[place.classIndex])),
          ])
        }),
    ])
  }
}
