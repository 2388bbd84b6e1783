import CSystem

/// The CPU that this runs on, as CPUID names it: "unknown", 0, 0 where there is none.
package struct LocalCPU: Sendable {
  package let vendor: String
  package let family: Int
  package let model: Int

  package static let current = LocalCPU()

  private init() {
    var vendor = [CChar](repeating: 0, count: 13)
    var (family, model): (Int32, Int32) = (0, 0)
    cs_cpu_identity(&vendor, &family, &model)
    self.vendor = String(decoding: vendor.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    self.family = Int(family)
    self.model = Int(model)
  }

  /// Whether it executes a vector of 512 bits in two halves, so that half of one takes half the time: the first of AMD's
  /// with AVX-512 (family 25, Zen 4).
  var splitsVectors: Bool {
    vendor == "AuthenticAMD" && family == 25 && Registry.bestInstructionSet == .avx512
  }
}
