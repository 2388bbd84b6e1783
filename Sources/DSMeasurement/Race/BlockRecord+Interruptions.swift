extension BlockRecord {
  /// How often something else got the CPU of a thread that takes part, as far as anybody counted: context switches and moves to
  /// another CPU.
  var interruptions: Int {
    let switches = max(contextSwitches, Int(clamping: counters?.contextSwitches ?? 0))
    let moves = max(cpuBefore == cpuAfter ? 0 : 1, Int(clamping: counters?.migrations ?? 0))
    return switches + moves
  }
}
