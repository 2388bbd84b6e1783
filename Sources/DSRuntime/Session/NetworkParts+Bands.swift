import DSCore
import DSKernels

extension NetworkParts {
  /// What one worker does in a chain: band after band, the chain's steps in each.
  ///
  /// - Parameter scratch: the worker's own.
  func steps(
    of chain: BandedChain, _ worker: Int, arena: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer
  ) -> [SessionStep] {
    var program: [SessionStep] = []
    var before: BandedChain.Band?
    for band in chain.bands[worker] {
      for (index, rows) in zip(chain.steps, band.rows) where !rows.isEmpty {
        var step = step(index, rows: rows, arena: arena, scratch: scratch) {
          map($0, of: chain, band, worker, row: $1, arena)
        }
        step.copies =
          before.map { kept(index, of: chain, band, since: $0, worker, arena: arena) } ?? []
        program.append(step)
      }
      before = band
    }
    if !program.isEmpty {
      program[0].copies = chain.steps.flatMap { copies(before: $0, worker, arena: arena) }
    }
    return program
  }

  /// Where a worker finds row `row` of a step's output during a band.
  private func map(
    _ step: Int, of chain: BandedChain, _ band: BandedChain.Band, _ worker: Int, row: Int,
    _ arena: UnsafeMutableRawPointer
  ) -> MapRows {
    guard let ring = chain.ring(step, of: steps[step].outputLayout) else {
      return map(step, worker, row: row, arena)
    }
    let first = band.firstKept[step - chain.steps.lowerBound]
    return MapRows(
      address: arena + memory.offset(step: step, worker: worker)
        + ring.byteOffset(row: row - first, column: 0, channel: 0),
      planeBytes: ring.planeBytes)
  }

  /// The rows that a ring keeps from one band to the next, which move to its beginning. Source and target may overlap.
  private func kept(
    _ index: Int, of chain: BandedChain, _ band: BandedChain.Band,
    since before: BandedChain.Band, _ worker: Int, arena: UnsafeMutableRawPointer
  ) -> [RowCopy] {
    let place = index - chain.steps.lowerBound
    guard let ring = chain.ring(index, of: steps[index].outputLayout) else { return [] }
    let rows = band.firstKept[place]..<band.rows[place].lowerBound
    if rows.isEmpty || band.firstKept[place] == before.firstKept[place] { return [] }
    return [
      RowCopy(
        source: map(index, of: chain, before, worker, row: rows.lowerBound, arena),
        target: map(index, of: chain, band, worker, row: rows.lowerBound, arena),
        byteCount: rows.count * ring.shape.width * ring.pixelBytes, planes: ring.blockCount)
    ]
  }
}
