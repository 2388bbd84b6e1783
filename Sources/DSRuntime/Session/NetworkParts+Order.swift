import DSCore
import DSKernels

extension NetworkParts {
  /// The order of a session's stretches.
  func order() -> StepOrder {
    StepOrder(
      stretches.map { stretch in (0..<plan.workers).map { access(stretch, worker: $0) } },
      shared: Set(stretches.indices.filter { sharedSteps.contains(stretches[$0].lowerBound) }),
      workers: plan.workers)
  }

  private func access(_ stretch: Range<Int>, worker: Int) -> StepOrder.Access {
    if let chain = chain(stretch) { return access(chain, worker: worker) }
    let step = stretch.lowerBound
    return slices.isByRows[step] ? accessByRows(step, worker: worker) : access(step, worker: worker)
  }

  /// What a worker reads of maps outside the chain, its rings, and its rows of what the chain computes.
  private func access(_ chain: BandedChain, worker: Int) -> StepOrder.Access {
    StepOrder.Access(
      allOf: chain.steps.map { step in
        var access = accessByRows(step, worker: worker)
        if let ring = chain.ring(step, of: steps[step].outputLayout) {
          access.writes.append(
            ArenaPart(
              MapPart(blocks: 0..<ring.blockCount, pixels: 0..<ring.shape.pixelCount), of: ring,
              offset: memory.offset(step: step, worker: worker)))
        }
        return access
      })
  }

  private func access(_ index: Int, worker: Int) -> StepOrder.Access {
    let step = plan.steps[index]
    let reach = steps[index].reach(
      worker: worker, workers: step.choice.workers, rowParts: rowParts[index])
    let written = ArenaPart(
      reach.writes, of: steps[index].outputLayout, offset: memory.offset(step: index))
    var access = StepOrder.Access(writes: [written])
    if let input = step.input {
      access.reads.append(
        ArenaPart(
          reach.reads, of: steps[input].outputLayout, offset: memory.offset(step: input)))
    }
    if let residual = step.residual {
      access.reads.append(
        ArenaPart(
          reach.writes, of: steps[index].outputLayout, offset: memory.offset(step: residual)))
    }
    return access
  }

  private func accessByRows(_ index: Int, worker: Int) -> StepOrder.Access {
    let rows = computedRows(index, worker)
    let step = plan.steps[index]
    func isStored(_ step: Int) -> Bool { !chains.contains { $0.keepsInRings(step) } }
    var access = StepOrder.Access(writes: isStored(index) ? parts(of: index, rows: rows) : [])
    if let input = step.input, isStored(input) {
      let needed = steps[index].inputRows(ofOutput: rows)
      access.reads += parts(of: input, rows: needed)
      access.writes += copied(of: input, rows: needed, worker)
    }
    if let residual = step.residual, isStored(residual) {
      access.reads += parts(of: residual, rows: rows)
    }
    return access
  }

  /// Where rows of a step's output lie: with each worker that computes some of them.
  private func parts(of step: Int, rows: Range<Int>) -> [ArenaPart] {
    guard let map = slices.maps[step] else {
      let layout = steps[step].outputLayout
      return [part(rows, firstRow: 0, of: layout, offset: memory.offset(step: step))]
    }
    return owners(of: rows, in: map).map { part($0.rows, of: map[$0.worker], step, $0.worker) }
  }

  /// Where a worker keeps the rows among `rows` that others compute. Only a map in one piece, which may lie across
  /// slices that are no longer needed, can be in the way there.
  private func copied(of step: Int, rows: Range<Int>, _ worker: Int) -> [ArenaPart] {
    guard let map = slices.maps[step] else { return [] }
    return owners(of: rows, in: map).filter { $0.worker != worker }
      .map { part($0.rows, of: map[worker], step, worker) }
  }

  /// Who computes which of some rows of a map in slices.
  func owners(of rows: Range<Int>, in map: [MapSlice]) -> [(worker: Int, rows: Range<Int>)] {
    map.indices.map { ($0, rows.clamped(to: map[$0].own)) }.filter { !$0.rows.isEmpty }
  }

  private func part(
    _ rows: Range<Int>, of slice: MapSlice, _ step: Int, _ worker: Int
  ) -> ArenaPart {
    part(
      rows, firstRow: slice.stored.lowerBound, of: slice.layout,
      offset: memory.offset(step: step, worker: worker))
  }

  private func part(
    _ rows: Range<Int>, firstRow: Int, of layout: TensorLayout, offset: Int
  ) -> ArenaPart {
    let width = layout.shape.width
    let pixels = (rows.lowerBound - firstRow) * width..<(rows.upperBound - firstRow) * width
    return ArenaPart(
      MapPart(blocks: 0..<layout.blockCount, pixels: pixels), of: layout, offset: offset)
  }

  /// The rows of a step's output that a worker computes where each has calls of its own. Inside a chain, those at the seams are
  /// another one's too.
  package func computedRows(_ step: Int, _ worker: Int) -> Range<Int> {
    BandedChain.rows(
      step, worker, of: plan.workers, height: steps[step].problem.output.height, chains: chains)
  }
}
