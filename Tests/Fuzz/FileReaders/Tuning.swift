import DSNetworks
import DSSchedule
import DSTuning
import FuzzHarness

extension FuzzedReader {
  static let journal = FuzzedReader("journal", mostBytes: 1024) { bytes in
    do throws(JournalError) {
      let text = Array(bytes)
      let (header, trials, validBytes) = try Journal.read(text, path: "journal")
      expect(validBytes <= text.count, "\(validBytes) valid bytes of \(text.count)")
      let again = try Journal.read(Array(text[..<validBytes]), path: "journal")
      expect(again.validBytes == validBytes && again.header == header, "cut, it reads otherwise")
      expect(Set(again.trials.races.keys) == Set(trials.races.keys), "cut, it has other races")
      if let network { expect(isRequest(header, network), "another error than a journal's") }
    } catch {
      expectSentence(error)
    }
  }

  private static let network = try? Network(model: .mobileNetV1, width: 0.25, resolution: 32)

  /// Whether a request follows from the header, or a sentence.
  private static func isRequest(_ header: JournalHeader, _ network: Network) -> Bool {
    do throws(JournalError) {
      return try header.request(network: network).workers >= 1
    } catch {
      expectSentence(error)
      return true
    }
  }

  static let plan = FuzzedReader("plan", mostBytes: 512) { bytes in
    guard let value = try? JSONValue(parsing: bytes) else { return }
    do throws(ShardPlanError) {
      let plan = try ShardPlan(value)
      expect((try? ShardPlan(plan.json)) == plan, "written otherwise: \(plan.json.text)")
      expect(plan.shard(plan.shards.count) == nil && plan.shard(-1) == nil, "a shard too many")
      expect(plan.shard(0) != nil, "no first shard")
    } catch {
      expectSentence(error)
    }
  }
}
