import DSRuntime
import FuzzHarness

extension FuzzedReader {
  static let npy = FuzzedReader("npy", mostBytes: 256) { bytes in
    do throws(NumpyHeader.Defect) {
      let header = try NumpyHeader(file: bytes)
      expect(header.dataStart <= bytes.count, "data beyond the end")
      let data = try header.data(of: bytes)
      let values = header.elementType.values(data, count: header.count)
      expect(values.count == header.shape.reduce(1, *), "\(values.count) for \(header.shape)")
      let again = NumpyHeader.bytes(shape: header.shape)
      let shape = again.withUnsafeBytes { try? NumpyHeader(file: $0).shape }
      expect(shape == header.shape, "written otherwise: \(header.shape)")
    } catch {
      expect(!error.reason.isEmpty, "refused without a reason")
    }
  }

  /// The header where it lies, and the tensors of what it accepts, through the file.
  static let safetensors = FuzzedReader("safetensors", mostBytes: 512) { bytes in
    let header: SafeTensorsHeader
    do throws(SafeTensorsHeader.Defect) {
      header = try SafeTensorsHeader(file: bytes)
    } catch {
      expect(!error.reason.isEmpty, "refused without a reason")
      return
    }
    var covered = 0
    for (name, tensor) in header.tensors {
      expect(
        tensor.bytes.lowerBound >= 8 && tensor.bytes.upperBound <= bytes.count,
        "\(name) lies at \(tensor.bytes) of \(bytes.count)")
      covered += tensor.bytes.count
    }
    expect(covered <= bytes.count - 8, "tensors overlap")
    weights.hold(bytes)
    do throws(WeightError) {
      let file = try WeightFile(path: weights.path)
      for (name, tensor) in header.tensors {
        do throws(WeightError) {
          let slice = try file.tensor(named: [name], shape: tensor.shape, role: .bias)
          expect(slice.withValues { $0.allSatisfy(\.isFinite) }, "\(name) is not finite")
        } catch { expectSentence(error) }
      }
    } catch {
      expectSentence(error)
    }
  }

  private static let weights = MemoryFile()
}
