import DSMeasurement

extension RecordField {
  /// The members of a measured time: median, low, high and samples. Nobody knows those of an interval that is too wide.
  public static func interval(
    _ name: String, _ value: @escaping @Sendable (Record) -> MedianInterval?
  ) -> [RecordField] {
    func figure(
      _ member: String, _ figure: @escaping @Sendable (MedianInterval) -> Double
    ) -> RecordField {
      RecordField(Column(name, member, kind: .number)) { record in
        value(record).map { .unless($0.isTooWide, figure($0)) } ?? .missing
      }
    }
    let samples = RecordField(Column(name, "samples", kind: .integer)) {
      .integer(value($0)?.count ?? 0)
    }
    return [figure("median") { $0.median }, figure("low") { $0.low }, figure("high") { $0.high }]
      + [samples]
  }

  /// The members of a ratio: ratio, low and high. Nobody knows those of one that is too wide.
  public static func ratio(
    _ name: String, _ value: @escaping @Sendable (Record) -> PairedRatio?
  ) -> [RecordField] {
    func figure(
      _ member: String, _ figure: @escaping @Sendable (PairedRatio) -> Double
    ) -> RecordField {
      RecordField(Column(name, member, kind: .number)) { .ratio(value($0), figure) }
    }
    return [figure("ratio") { $0.ratio }, figure("low") { $0.low }, figure("high") { $0.high }]
  }

  /// Where the samples are: nanoseconds a run, and how many are of each pass.
  public static func samples(
    _ passes: @escaping @Sendable (Record) -> [[Double]]
  ) -> [RecordField] {
    [
      RecordField(Column("passes", kind: .nested)) { .integers(passes($0).map(\.count)) },
      RecordField(Column("samples_ns", kind: .nested, role: .samples)) {
        .numbers(Array(passes($0).joined()))
      },
    ]
  }
}
