import DSCore
import Testing

@Suite struct MemoryLimitTests {
  private static let unified = [
    "/proc/self/cgroup": "0::/user/job\n",
    "/proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n",
    "/sys/fs/cgroup/user/job/memory.max": "max\n",
    "/sys/fs/cgroup/user/memory.max": "419430400\n",
    "/sys/fs/cgroup/user/memory.current": "209715200\n",
    "/sys/fs/cgroup/user/memory.stat": "anon 1\ninactive_file 104857600\nactive_file 5\n",
  ]
  private static let versionOne = [
    "/proc/self/cgroup": "9:memory:/job\n0::/\n",
    "/proc/self/mountinfo": "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
    "/sys/fs/cgroup/memory/job/memory.limit_in_bytes": "419430400\n",
    "/sys/fs/cgroup/memory/job/memory.usage_in_bytes": "209715200\n",
    "/sys/fs/cgroup/memory/job/memory.stat":
      "inactive_file 7\ntotal_inactive_file 104857600\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1000\n",
  ]

  private func limits(
    _ files: [String: String], _ resources: [MemoryLimit.Source: Int] = [:]
  ) -> [MemoryLimit] {
    MemoryLimit.all({ files[$0] }) { resources[$0] }
  }

  /// Of 400 MiB 200 are used, and 100 of those are cached files.
  @Test(arguments: [unified, versionOne])
  func aControlGroupLeavesWhatIsNeitherUsedNorMoreThanCached(files: [String: String]) {
    let groups = limits(files).filter { $0.source == .controlGroup }
    #expect(
      groups == [MemoryLimit(.controlGroup, byteCount: 400 << 20, usedByteCount: 100 << 20)])
    #expect(groups.first?.freeByteCount == 300 << 20)
  }

  @Test func resourceLimitsAreLessWhatIsMapped() {
    let page = SystemMemory.pageByteCount
    let found = limits(
      ["/proc/self/statm": "1000 400 300 20 0 250 0\n"],
      [.addressSpace: 5000 * page, .data: 2000 * page])
    #expect(found.first { $0.source == .addressSpace }?.freeByteCount == 4000 * page)
    #expect(found.first { $0.source == .data }?.freeByteCount == 1750 * page)
  }

  /// As in a sandbox that mounts nothing.
  @Test func withoutFilesThereIsTheMachine() {
    #expect(limits([:]).map(\.source) == [.machine])
    #expect(limits([:], [.addressSpace: 1 << 30]).map(\.freeByteCount).min() == 1 << 30)
  }

  @Test func theLeastCounts() {
    let limits = limits(Self.unified, [.addressSpace: 350 << 20])
    #expect(MemoryAllowance.bytes(limits) == min(SystemMemory.byteCount / 8, 75 << 20))
    #expect(MemoryAllowance.fits(280 << 20, in: limits))
    // Something stays free for what nobody asks for.
    #expect(!MemoryAllowance.fits((300 << 20) - MemoryAllowance.reserveByteCount, in: limits))
    #expect(!MemoryAllowance.fits(310 << 20, in: limits))
  }

  @Test(arguments: [
    (MemoryLimit.Source.addressSpace, "ulimit -v allows this process 586 MiB in all; raise it, or"),
    (.data, "ulimit -d allows this process 586 MiB in all; raise it, or"),
    (.controlGroup, "its control group allows 586 MiB in all; raise that, or"),
    (.machine, "this machine has 586 MiB; use a smaller"),
  ])
  func theSentenceHasBothNumbers(source: MemoryLimit.Source, allowed: String) {
    let limits = [
      MemoryLimit(source, byteCount: 586 << 20, usedByteCount: 100),
      MemoryLimit(.machine, byteCount: 1 << 40, usedByteCount: 0),
    ]
    let text = MemoryShortage(byteCount: 3000 << 20 + 1).description(limits: limits)
    #expect(text.hasPrefix("there is no memory for 3001 MiB; \(allowed)"), "\(text)")
  }

  @Test func aBufferBeyondTheMachineIsAnError() {
    let bytes = 4 * SystemMemory.byteCount
    #expect(throws: MemoryShortage(byteCount: bytes)) { try AlignedBuffer(byteCount: bytes) }
  }
}
