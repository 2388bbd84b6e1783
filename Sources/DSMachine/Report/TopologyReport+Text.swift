extension TopologyReport {
  /// The report as `dstune topology` prints it.
  public func text() -> String {
    [machineText, coresText, cachesText, roofsText, coreSetsText, warningsText]
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var machineText: String {
    let name = modelName.isEmpty ? cpu : "\(modelName) (\(cpu))"
    let quota = cpuQuota.map { "\(DecimalText.rounded($0, places: 2)) cores" } ?? "none"
    let rows = [
      ("machine", "\(source)\(isThisSystem ? "" : ", not this machine")"),
      ("cpu", name),
      (
        "isa",
        ([instructionSet.rawValue + (isThisSystem ? "" : " (assumed)")] + features)
          .joined(separator: " ")
      ),
      ("topology", signature),
      ("processors", "\(allowedProcessors) (allowed)"),
      ("quota", quota),
      ("hwloc", "API \(hwloc)"),
    ]
    return rows.map { $0.0.padded(to: 12) + $0.1 + "\n" }.joined()
  }

  private var coresText: String {
    let domains = "\(cacheDomains) L\(lastCacheLevel)"
    var text =
      "cores       \(cores) in \(Self.counted(packages, "package")), "
      + "\(Self.counted(numaNodes.count, "memory node")), \(domains) "
      + (cacheDomains == 1 ? "domain\n" : "domains\n")
    for row in coreRows {
      let kind = row.kind.map { "kind \($0): " } ?? ""
      let attributes = row.attributes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      let note = attributes.isEmpty ? "" : " (\(attributes.joined(separator: ", ")))"
      text +=
        "  \(kind)\(Self.counted(row.count, "core")) with "
        + Self.counted(row.processorsPerCore, "hardware thread") + note + "\n"
    }
    for node in numaNodes where numaNodes.count > 1 {
      text +=
        "  node \(node.operatingSystemIndex): \(Self.counted(node.cores.count, "core"))"
        + (node.memoryBytes > 0 ? ", \(ByteText.rounded(node.memoryBytes)) of memory\n" : "\n")
    }
    return text
  }

  private var cachesText: String {
    guard !caches.isEmpty else { return "" }
    let isMeasured = measurement?.levels.isEmpty == false
    var table = TextTable(
      header: ["cache", "count", isMeasured ? "declared" : "size", "line", "ways", "cores each"])
    if isMeasured { table.header += ["measured", "latency", "one core reads"] }
    for row in caches {
      var cells = [
        row.level == 1 ? "L1d" : "L\(row.level)", "\(row.count)", ByteText.rounded(row.byteCount),
        row.lineBytes > 0 ? "\(row.lineBytes)" : "?",
        row.associativity > 0 ? "\(row.associativity)" : "?", "\(row.sharedByCores)",
      ]
      if isMeasured {
        cells += [
          row.measuredBytes.map(ByteText.rounded) ?? "-",
          row.latencyNanoseconds.map { "\(DecimalText.rounded($0, places: 1)) ns" } ?? "-",
          row.gigabytesPerSecond.map { "\(DecimalText.rounded($0, places: 1)) GB/s" } ?? "-",
        ]
      }
      table.rows.append(cells)
    }
    return table.text
  }

  private var roofsText: String {
    guard let measurement else { return "" }
    let roofs: [(String, Double?, String)] = [
      ("multiply-add", measurement.fmaGigaflopsPerCore, "GFLOP/s"),
      ("memory", measurement.memoryGigabytesPerSecond, "GB/s"),
      ("memory latency", measurement.memoryLatencyNanoseconds, "ns"),
    ]
    let lines = roofs.compactMap { name, value, unit in
      value.map { "  \(name.padded(to: 16))\(DecimalText.rounded($0, places: 1)) \(unit)\n" }
    }
    return lines.isEmpty
      ? "" : "roofs of processor \(measurement.processor)\n" + lines.joined()
  }

  private var coreSetsText: String {
    var table = TextTable(
      header: ["core set", "threads", "processors"], rows: [], leftAligned: [0, 2])
    table.rows = coreSets.map { [$0.pattern, "\($0.workers)", Self.shortened($0.processors)] }
    return table.text
  }

  private var warningsText: String { warnings.map { "warning: \($0)\n" }.joined() }

  /// Long lists end after a few numbers; the table says how many there are.
  private static func shortened(_ processors: String) -> String {
    guard processors.count > 48 else { return processors }
    let kept = processors.prefix(48)
    return "\(kept[..<(kept.lastIndex(of: ",") ?? kept.endIndex)]),…"
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
