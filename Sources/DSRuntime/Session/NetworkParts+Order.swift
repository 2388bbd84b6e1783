import DSKernels

extension NetworkParts {
  /// The order of a session's steps.
  ///
  /// - Parameter rowParts: of each step, as in its call.
  func order(rowParts: [Int]) -> StepOrder {
    StepOrder(
      plan.steps.indices.map { step in
        (0..<plan.workers).map { access(step, worker: $0, rowParts: rowParts[step]) }
      }, workers: plan.workers)
  }

  private func access(_ index: Int, worker: Int, rowParts: Int) -> StepOrder.Access {
    let step = plan.steps[index]
    let reach = steps[index].reach(
      worker: worker, workers: step.choice.workers, rowParts: rowParts)
    let written = ArenaPart(
      reach.writes, of: steps[index].outputLayout, offset: memory.offsets[index])
    var access = StepOrder.Access(writes: [written])
    if let input = step.input {
      access.reads.append(
        ArenaPart(reach.reads, of: steps[input].outputLayout, offset: memory.offsets[input]))
    }
    if let residual = step.residual {
      access.reads.append(
        ArenaPart(reach.writes, of: steps[index].outputLayout, offset: memory.offsets[residual]))
    }
    return access
  }
}
