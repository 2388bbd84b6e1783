import CSystem
import DSCore

/// Which CPU it is and what it can do.
struct CPUIdentity: Sendable {
  /// "AuthenticAMD/25/17" on x86 (vendor, family, model), "0x41/8/0xd85" on Arm (implementer,
  /// architecture, part), "unknown/0/0" where nothing says.
  let cpu: String
  let modelName: String
  let instructionSet: InstructionSet
  let features: [String]

  /// Flags worth a line in a schedule: each stands for instructions a kernel could use.
  private static let notable: Set<String> = [
    "amx_bf16", "amx_int8", "amx_tile", "avx", "avx2", "avx512_bf16", "avx512_fp16", "avx512_vnni",
    "avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl", "avx_vnni", "f16c", "fma",
    "asimd", "asimddp", "asimdhp", "bf16", "i8mm", "sme", "sve", "sve2",
  ]

  /// The CPU this process runs on, asked by CPUID and the kernel's description of one processor.
  init(processor: Int) {
    let lines = ProcessorInformation(
      processor: processor, in: SystemFile.read("/proc/cpuinfo") ?? "")
    var vendor = [CChar](repeating: 0, count: 13)
    var family: Int32 = 0
    var model: Int32 = 0
    cs_cpu_identity(&vendor, &family, &model)
    let flags = lines["flags"] ?? lines["Features"] ?? ""

    if let arm = lines.armIdentity {
      cpu = arm
    } else {
      let name = vendor.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      cpu = "\(String(decoding: name, as: UTF8.self))/\(family)/\(model)"
    }
    modelName = lines["model name"] ?? ""
    features = flags.split(separator: " ").map { String($0) }.filter(Self.notable.contains).sorted()
    instructionSet =
      cs_cpu_has_avx512() != 0 ? .avx512 : cs_cpu_has_avx2_fma() != 0 ? .avx2 : .baseline
  }

  /// A CPU known only from what hwloc noted about it. Its instruction set is that of the model's
  /// data sheet, and the baseline where the model is not in the table.
  init(attributes: [String: String]) {
    if let implementer = attributes["CPUImplementer"] {
      cpu = ProcessorInformation.armIdentity(
        implementer: implementer, architecture: attributes["CPUArchitecture"],
        part: attributes["CPUPart"])
      instructionSet = .baseline
    } else {
      let vendor = attributes["CPUVendor"] ?? ProcessorInformation.unknown
      let family = attributes["CPUFamilyNumber"].flatMap { Int($0) } ?? 0
      let model = attributes["CPUModelNumber"].flatMap { Int($0) } ?? 0
      cpu = "\(vendor)/\(family)/\(model)"
      instructionSet = .known(vendor: vendor, family: family, model: model)
    }
    let words = attributes["CPUModel"]?.split(separator: " ") ?? []
    modelName = words.joined(separator: " ")
    features = []
  }
}
