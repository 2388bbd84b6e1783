/// The control groups above this process for one controller ("cpu", "memory"), version 1 or 2.
struct ControlGroup {
  /// Where the group's files are.
  var folder: String
  /// Version 2: one tree for all controllers.
  var isUnified: Bool

  /// The process's own group and all above it, as far as they are mounted; a limit of any holds.
  ///
  /// Inside a container the path may lie outside of what is mounted; what is mounted is then the
  /// container's own group.
  static func groups(of controller: String, _ file: (String) -> String?) -> [ControlGroup] {
    let memberships = parseMemberships(file("/proc/self/cgroup") ?? "")
    let mounts = parseMounts(file("/proc/self/mountinfo") ?? "", of: controller)
    return mounts.flatMap { mount in
      memberships.first {
        mount.isUnified ? $0.controllers.isEmpty : $0.controllers.contains(Substring(controller))
      }.map { folders(from: $0.path, below: mount) } ?? []
    }
  }

  private struct Membership {
    var controllers: [Substring]
    var path: Substring
  }

  private struct Mount {
    var root: Substring
    var folder: Substring
    var isUnified: Bool
  }

  /// "4:cpu,cpuacct:/path" of version 1, "0::/path" of version 2; see cgroups(7).
  private static func parseMemberships(_ text: String) -> [Membership] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return nil }
      return Membership(controllers: fields[1].split(separator: ","), path: fields[2])
    }
  }

  /// "32 31 0:29 /root /folder options - cgroup source cpu"; see proc_pid_mountinfo(5).
  private static func parseMounts(_ text: String, of controller: String) -> [Mount] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash >= 5, dash + 1 < fields.count else {
        return nil
      }
      let isUnified = fields[dash + 1] == "cgroup2"
      let options = fields[fields.count - 1].split(separator: ",")
      guard isUnified || (fields[dash + 1] == "cgroup" && options.contains(Substring(controller)))
      else { return nil }
      return Mount(root: fields[3], folder: fields[4], isUnified: isUnified)
    }
  }

  private static func folders(from path: Substring, below mount: Mount) -> [ControlGroup] {
    var parts = path.split(separator: "/")
    let root = mount.root.split(separator: "/")
    if parts.starts(with: root) { parts.removeFirst(root.count) }
    return (0...parts.count).map { depth in
      let folder = ([mount.folder] + parts[..<depth]).joined(separator: "/")
      return ControlGroup(folder: folder, isUnified: mount.isUnified)
    }
  }
}
