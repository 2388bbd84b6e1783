import DSCore
import DSMeasurement
import Foundation
import Testing

@Suite struct DoubtTests {
  /// A machine made of files.
  private final class FakeMachine {
    let root = FileManager.default.temporaryDirectory.appending(path: "machine-\(UUID())")

    init(_ files: [String: String]) throws {
      for (path, text) in files {
        let url = root.appending(path: path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: url)
      }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var inspector: MachineInspector { MachineInspector(root: root.path) }
  }

  private static let cpu = "sys/devices/system/cpu"

  /// In the root group of control groups, version 2.
  private static func grouped(_ files: [String: String]) -> [String: String] {
    let mount = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"
    return files.merging(["proc/self/cgroup": "0::/", "proc/self/mountinfo": mount]) { own, _ in own
    }
  }

  @Test(
    arguments: [
      ([:], []),
      (
        ["\(cpu)/cpu0/cpufreq/scaling_governor": "powersave"],
        [.governor(name: "powersave", cpus: 1)]
      ),
      (["\(cpu)/cpu0/cpufreq/scaling_governor": "performance"], []),
      (["\(cpu)/cpu7/cpufreq/scaling_governor": "powersave"], []),
      (["\(cpu)/intel_pstate/no_turbo": "0"], [.turbo]),
      (["\(cpu)/intel_pstate/no_turbo": "1"], []),
      (["\(cpu)/cpufreq/boost": "1"], [.turbo]), (["\(cpu)/cpufreq/boost": "0"], []),
      (["proc/loadavg": "3.25 1.00 0.50 2/300 77"], [.load(average: 3.25)]),
      (["proc/loadavg": "0.10 4.00 0.50 1/300 77"], []), (["proc/loadavg": ""], []),
      (["proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu hypervisor avx2"], [.virtualMachine]),
      (["proc/cpuinfo": "model name: hypervisor\nflags\t\t: fpu"], []),
      (["\(cpu)/cpu1/topology/thread_siblings_list": "1,65"], [.siblings(cpu: 1, sibling: 65)]),
      (["\(cpu)/cpu0/topology/thread_siblings_list": "0-3"], [.siblings(cpu: 0, sibling: 1)]),
      (["\(cpu)/cpu0/topology/thread_siblings_list": "0"], []),
      (["\(cpu)/cpu0/topology/thread_siblings_list": "9-2,x,-"], []),
      (grouped(["sys/fs/cgroup/cpu.max": "50000 100000"]), [.quota(cpus: 0.5, wanted: 2)]),
      (grouped(["sys/fs/cgroup/cpu.max": "max 100000"]), []),
      (grouped(["sys/fs/cgroup/cpu.max": "300000 100000"]), []),
    ] as [([String: String], [MeasurementDoubt])])
  func machinesRaiseDoubts(files: [String: String], doubts: [MeasurementDoubt]) throws {
    let machine = try FakeMachine(files)
    #expect(machine.inspector.doubts(cpus: [0, 1]) == doubts)
  }

  @Test func factsAreRead() throws {
    let inspector = try FakeMachine([
      "proc/cpuinfo": "processor\t: 0\ncpu MHz\t\t: 3400.125\ncpu MHz\t\t: 1.0",
      "proc/sys/kernel/randomize_va_space": "2", "proc/loadavg": "0.25 0.50 1.00 1/1 1",
    ])
    #expect(inspector.inspector.megahertz == 3400.125)
    #expect(inspector.inspector.isAddressSpaceRandomized == true)
    #expect(inspector.inspector.loadAverages == [0.25, 0.5, 1])
    #expect(inspector.inspector.isScalingFrequency(cpus: [0]) == nil)
    #expect(try FakeMachine([:]).inspector.megahertz == nil)
  }

  @Test func thisMachineCanBeInspected() {
    #expect(MachineInspector().loadAverages.count == 3)
    _ = MachineInspector().doubts(cpus: [0])
  }

  @Test func samplesRaiseDoubts() {
    let steady = (0..<20).map { 100 + Double($0 % 4) }
    #expect(MeasurementDoubt.doubts(inSamples: steady).isEmpty)
    #expect(MeasurementDoubt.doubts(inSamples: steady, passes: 6).isEmpty)
    #expect(
      MeasurementDoubt.doubts(inSamples: steady, passes: 5) == [.fewPasses(count: 5, needed: 6)])
    #expect(MeasurementDoubt.doubts(inSamples: []) == [.fewSamples(count: 0, needed: 6)])
    #expect(MeasurementDoubt.doubts(inSamples: [1, 2, 1]) == [.fewSamples(count: 3, needed: 6)])
    #expect(MeasurementDoubt.doubts(inSamples: [204] + steady) == [.slowFirstRun(ratio: 2)])
    #expect(
      MeasurementDoubt.doubts(inSamples: steady + [900, 800]) == [.outliers(count: 2, samples: 22)])
  }

  @Test func noiseRaisesDoubts() {
    #expect(MeasurementDoubt.doubts(noiseFloor: NoiseFloor(ratio: 1.01)).isEmpty)
    #expect(
      MeasurementDoubt.doubts(noiseFloor: NoiseFloor(ratio: 1.2)) == [.highNoiseFloor(ratio: 1.2)])
  }

  @Test func everyDoubtSaysWhatToDo() throws {
    let doubts: [MeasurementDoubt] = [
      .governor(name: "powersave", cpus: 2), .turbo, .load(average: 2.125), .virtualMachine,
      .siblings(cpu: 0, sibling: 1), .quota(cpus: 0.5, wanted: 2), .fewSamples(count: 2, needed: 6),
      .slowFirstRun(ratio: 1.5), .outliers(count: 1, samples: 9), .highNoiseFloor(ratio: 1.0712),
      .droppedRounds(count: 4, rounds: 9, reason: .migration), .otherMeasurement,
      .movingCores(least: 110, most: 420),
      .coresApart(barrierNanoseconds: 340, pattern: try #require(CorePattern("2c/1pu/1xL3"))),
      .droppedRounds(count: 4, rounds: 9, reason: .clockChange), .fewPasses(count: 1, needed: 6),
    ]
    for doubt in doubts {
      #expect(doubt.description.contains(": "), "\(doubt)")
      #expect(!doubt.description.contains("\n"), "\(doubt)")
    }
    #expect(doubts[9].description.contains("7.12 %"))
  }

  @Test func barriersTellOfMovingCores() {
    #expect(MeasurementDoubt.doubts(barrierNanoseconds: []) == [])
    #expect(MeasurementDoubt.doubts(barrierNanoseconds: [0, 0]) == [])
    #expect(MeasurementDoubt.doubts(barrierNanoseconds: [110, 140, 210]) == [])
    #expect(
      MeasurementDoubt.doubts(barrierNanoseconds: [460, 115, 120])
        == [.movingCores(least: 115, most: 460)])
  }

  /// Apart is what the topology does not say; of more threads than two nothing is said.
  @Test func barriersTellOfCoresApart() {
    func doubts(
      _ barrierNanoseconds: [Double], _ cores: Int, cacheDomains: Int = 1
    ) -> [MeasurementDoubt] {
      MeasurementDoubt.doubts(
        barrierNanoseconds: barrierNanoseconds,
        pattern: CorePattern(cores: cores, cacheDomains: cacheDomains))
    }
    #expect(doubts([140, 120], 2) == [])
    #expect(doubts([150, 165], 2) == [])
    #expect(
      doubts([412, 234], 2)
        == [.coresApart(barrierNanoseconds: 234, pattern: CorePattern(cores: 2))])
    #expect(doubts([470, 480], 2, cacheDomains: 2) == [])
    #expect(doubts([470, 480], 4) == [])
    #expect(doubts([470, 480], 1) == [])
    #expect(
      doubts([470, 480], 2)
        == [.coresApart(barrierNanoseconds: 470, pattern: CorePattern(cores: 2))])
    #expect(doubts([145, 350], 2) == [.movingCores(least: 145, most: 350)])
    #expect(doubts([120, 480], 2) == [.movingCores(least: 120, most: 480)])
    let text = doubts([470, 480], 2)[0].description
    #expect(text.contains("470 ns") && text.contains("2c/1pu/1xL3"))
  }
}
