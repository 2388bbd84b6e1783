import DSCore

extension Kernel {
  /// The same row under another id, to try out whoever chooses between kernels: with a function of its
  /// own, or with one more parameter that changes nothing.
  package func variant(
    id: String, idleParameter: (name: String, values: ClosedRange<Int>)? = nil,
    run: KernelFunction? = nil
  ) -> Kernel {
    let idle = idleParameter.map { name, values in
      ParameterAxis(name: name, summary: "changes nothing", legal: values) { _ in Array(values) }
    }
    return Kernel(
      id: id, operation: operation, method: method, instructionSet: instructionSet,
      elementType: elementType, channelBlock: channelBlock,
      parameters: parameters + (idle.map { [$0] } ?? []), numericClass: numericClass,
      summary: summary, isWindowTiled: isWindowTiled, acceptsShape: acceptsShape,
      acceptsValues: acceptsValues, packing: packing, scratch: scratch, run: run ?? self.run,
      gathersPatches: gathersPatches, hasPieces: hasPieces, halves: halves)
  }
}
