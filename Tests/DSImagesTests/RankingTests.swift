import DSImages
import TestSupport
import Testing

@Suite struct RankingTests {
  @Test func bestComeFirstAndTiesByIndex() {
    let ranking = Ranking([0.1, 0.4, 0.1, 0.4], count: 3)
    #expect(ranking.places.map(\.classIndex) == [1, 3, 0])
    #expect(ranking.places.map(\.value) == [0.4, 0.4, 0.1])
    #expect(Ranking([0.5], count: 5).places.count == 1)
  }
}

@Suite struct LabelsTests {
  @Test(arguments: ["tench\nshark", "tench\nshark\n", "\u{feff}tench\r\nshark\r\n"])
  func readsALineAClass(text: String) throws {
    let labels = try Fixtures.withFile(text.utf8) { try Labels(contentsOf: $0, classCount: 2) }
    #expect(labels.names == ["tench", "shark"])
  }

  @Test func refusesAnotherCountAndBinaryFiles() throws {
    try Fixtures.withFile("one\ntwo\n".utf8) { path in
      #expect(throws: LabelsError.wrongCount(path: path, found: 2, expected: 3)) {
        try Labels(contentsOf: path, classCount: 3)
      }
    }
    try Fixtures.withFile([0xff, 0xfe, 0x00]) { path in
      #expect(throws: LabelsError.notText(path: path)) {
        try Labels(contentsOf: path, classCount: 1)
      }
    }
  }
}
