import DSCore
import Testing

@Suite struct MachineTests {
  @Test(arguments: [
    "1c/1pu/1xL3", "2c/1pu/1xL3", "8c/2pu/2xL3", "4c/1pu/4xL2", "6c/2pu/1xL3/kind1",
    "1048576c/1pu/1xL3/kind0",
  ])
  func `a core pattern reads back`(text: String) throws {
    let pattern = try #require(CorePattern(text))
    #expect(pattern.description == text)
    #expect(CorePattern(pattern.description) == pattern)
    #expect(pattern.workers == pattern.cores * pattern.processingUnitsPerCore)
  }

  @Test(arguments: [
    "", "/", "///", "2c", "2c/1pu", "c/pu/xL", "0c/1pu/1xL3", "-1c/1pu/1xL3", "2c/0pu/1xL3",
    "2c/1pu/0xL3", "2c/1pu/1xL0", "2c/1pu/1xL", "2c/1pu/L3", "2c/1pu/1x3", "2c/1pu/1xL3/",
    "2c/1pu/1xL3/kind", "2c/1pu/1xL3/kind-1", "2c/1pu/1xL3/kind1/kind2", " 2c/1pu/1xL3",
    "2c/1pu/1xL3 ", "2000000c/1pu/1xL3", "99999999999999999999c/1pu/1xL3", "2C/1PU/1XL3",
    "2c/1pu/1xL3/kind99999999999999999999",
  ])
  func `what is no core pattern is nil`(text: String) {
    #expect(CorePattern(text) == nil)
  }

  static func machine(_ caches: [MachineDescription.Cache], units: Int = 2) -> MachineDescription {
    MachineDescription(
      cpu: "AuthenticAMD/26/2", instructionSet: .avx512, cores: 2, processingUnits: units,
      caches: caches)
  }

  @Test func `the topology is signed as the schedule format says`() {
    let caches: [MachineDescription.Cache] = [
      .init(level: 3, byteCount: 32 << 20, sharedByCores: 2),
      .init(level: 1, byteCount: 48 << 10), .init(level: 2, byteCount: 1 << 20),
    ]
    #expect(
      Self.machine(caches).topologySignature == "core:2 pu:1 l1d:48K l2:1M l3:32M/2 numa:1")
    #expect(Self.machine([], units: 4).topologySignature == "core:2 pu:2 numa:1")
  }

  @Test(arguments: [
    (48 << 10, "48K"), (1280 << 10, "1280K"), (1 << 20, "1M"), (36 << 20, "36M"), (1 << 30, "1G"),
    (1000, "1000"), (0, "0"),
  ])
  func `cache sizes are exact in the largest unit`(byteCount: Int, text: String) {
    #expect(MachineDescription.shortBytes(byteCount) == text)
  }

  @Test func `busy cores share a shared cache`() {
    let machine = Self.machine([
      .init(level: 2, byteCount: 1 << 20), .init(level: 3, byteCount: 32 << 20, sharedByCores: 8),
    ])
    #expect(machine.cacheShare(level: 3, workers: 2) == 16 << 20)
    #expect(machine.cacheShare(level: 3, workers: 64) == 4 << 20)
    #expect(machine.cacheShare(level: 2, workers: 2) == 1 << 20)
    #expect(machine.cacheShare(level: 1, workers: 2) == nil)
    #expect(machine.lastLevelCache?.level == 3)
  }

  private static let armText = """
    processor\t: 0
    CPU implementer\t: 0x41
    CPU architecture: 8
    CPU part\t: 0xd03

    processor\t: 1
    CPU implementer\t: 0x41
    CPU architecture: 8
    CPU part\t: 0xd85
    """

  @Test func `Arm processors are named by implementer, architecture and part`() {
    func identity(_ processor: Int) -> String? {
      ProcessorInformation(processor: processor, in: Self.armText).armIdentity
    }
    #expect(identity(0) == "0x41/8/0xd03")
    #expect(identity(1) == "0x41/8/0xd85")
    let other = ProcessorInformation(processor: 0, in: "processor : 0\nvendor_id : AuthenticAMD\n")
    #expect(other.armIdentity == nil)
    #expect(other["vendor_id"] == "AuthenticAMD")
    #expect(ProcessorInformation(processor: 0, in: "").armIdentity == nil)
  }
}
