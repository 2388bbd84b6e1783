import Foundation

/// hwloc exports of real computers, which lie beside the package or where `DSTUNE_TOPOLOGIES` says.
enum RealMachines {
  struct Expected: Sendable, CustomStringConvertible {
    var file: String
    var counts: MachineCounts
    var kinds: Int
    var cpu: String
    var signature: String

    var description: String { file }
  }

  static let expected: [Expected] = [
    Expected(
      file: "AMD-19h-Zen4-2xEpyc-9654.xml", counts: MachineCounts(192, 384, 2, 2, 24, 3), kinds: 0,
      cpu: "AuthenticAMD/25/17", signature: "core:192 pu:2 l1d:32K l2:1M l3:32M/8 numa:2"),
    Expected(
      file: "AMD-19h-Zen3-2xEpyc-7763.xml", counts: MachineCounts(128, 128, 2, 2, 16, 3), kinds: 0,
      cpu: "AuthenticAMD/25/1", signature: "core:128 pu:1 l1d:32K l2:512K l3:32M/8 numa:2"),
    Expected(
      file: "Intel-SapphireRapids-2xXeonMax9460.xml", counts: MachineCounts(80, 160, 2, 1, 2, 3),
      kinds: 0, cpu: "GenuineIntel/6/143",
      signature: "core:80 pu:2 l1d:48K l2:2M l3:99840K/40 numa:1"),
    Expected(
      file: "Intel-RaptorLake-Corei7-1370P.xml", counts: MachineCounts(14, 20, 1, 1, 1, 3),
      kinds: 2, cpu: "GenuineIntel/6/186",
      signature: "core:14 pu:1 l1d:48K l2:1280K l3:24M/14 numa:1"),
    Expected(
      file: "nvidia-dgx-gb10.xml", counts: MachineCounts(20, 20, 1, 1, 2, 3), kinds: 2,
      cpu: "0x41/8/0xd85", signature: "core:20 pu:1 l1d:64K l2:2M l3:8M/10 numa:1"),
    Expected(
      file: "Intel-KnightsLanding-XeonPhi-7210.xml", counts: MachineCounts(64, 256, 1, 1, 32, 2),
      kinds: 0, cpu: "GenuineIntel/6/87", signature: "core:64 pu:4 l1d:32K l2:1M/2 numa:1"),
    Expected(
      file: "16em64t-4s2c2t-offlines.xml", counts: MachineCounts(6, 7, 4, 1, 4, 3), kinds: 0,
      cpu: "unknown/0/0", signature: "core:6 pu:1 l1d:16K l2:1M l3:4M/2 numa:1"),
    Expected(
      file: "32amd64-4s2n4c-cgroup2.xml", counts: MachineCounts(6, 6, 1, 2, 2, 3), kinds: 0,
      cpu: "unknown/0/0", signature: "core:6 pu:1 l1d:64K l2:512K l3:5118K/4 numa:2"),
  ]

  static let folder: URL? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["DSTUNE_TOPOLOGIES"].map { URL(filePath: $0) }
    let folder = named ?? package.appending(path: "../shared/topologies")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static func path(_ file: String) -> String? {
    folder.map { $0.appending(path: file).standardizedFileURL.path }
  }
}
