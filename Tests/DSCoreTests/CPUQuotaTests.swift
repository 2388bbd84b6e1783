import DSCore
import Testing

@Suite struct CPUQuotaTests {
  private static let unifiedMount = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n"

  @Test func noLimitIsNone() {
    #expect(CPUQuota.read { _ in nil } == nil)
    #expect(CPUQuota.read { $0.hasSuffix("cpu.max") ? "max 100000\n" : mounted($0) } == nil)
  }

  @Test func theTightestGroupOfTheTreeCounts() {
    let files = [
      "/proc/self/cgroup": "0::/batch/job\n", "/proc/self/mountinfo": Self.unifiedMount,
      "/sys/fs/cgroup/batch/cpu.max": "150000 100000\n",
      "/sys/fs/cgroup/batch/job/cpu.max": "400000 100000\n",
    ]
    #expect(CPUQuota.read { files[$0] } == 1.5)
  }

  @Test func aContainerSeesItsOwnGroupAsTheRoot() {
    let files = [
      "/proc/self/cgroup": "0::/docker/abc\n",
      "/proc/self/mountinfo":
        "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n",
      "/sys/fs/cgroup/cpu.max": "50000 100000\n",
    ]
    #expect(CPUQuota.read { files[$0] } == 0.5)
  }

  @Test func versionOneHasTwoFiles() {
    let files = [
      "/proc/self/cgroup": "5:memory:/\n4:cpu,cpuacct:/slurm\n0::/\n",
      "/proc/self/mountinfo":
        "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
        + "33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
      "/sys/fs/cgroup/cpu/slurm/cpu.cfs_quota_us": "250000\n",
      "/sys/fs/cgroup/cpu/slurm/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    ]
    #expect(CPUQuota.read { files[$0] } == 2.5)
  }

  @Test(arguments: ["", "max", "0 0", "-5 100000", "nan nan", "100000 0", "1 2 3", "x y"])
  func nonsenseIsNoLimit(_ text: String) {
    let quota = CPUQuota.read { $0 == "/sys/fs/cgroup/cpu.max" ? text : mounted($0) }
    #expect(quota == nil)
  }

  private func mounted(_ path: String) -> String? {
    switch path {
    case "/proc/self/cgroup": "0::/\n"
    case "/proc/self/mountinfo": Self.unifiedMount
    default: nil
    }
  }
}
