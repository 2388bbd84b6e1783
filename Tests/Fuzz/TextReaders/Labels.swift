import DSImages
import FuzzHarness

extension FuzzedReader {
  /// One label a line: whatever the file, there are as many as were asked for.
  static let labels = FuzzedReader("labels", mostBytes: 128) { bytes in
    for count in [1, 3] {
      do throws(LabelsError) {
        let labels = try Labels(bytes, path: "labels", classCount: count)
        expect(labels.names.count == count, "\(labels.names.count) labels for \(count)")
        expect(
          !labels.names.contains { $0.contains(where: \.isNewline) }, "a label of several lines")
      } catch {
        expectSentence(error)
      }
    }
  }
}
