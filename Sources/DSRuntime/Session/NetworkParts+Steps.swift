import DSCore
import DSKernels

extension NetworkParts {
  /// What each worker does, stretch after stretch and worker after worker: one step, or all bands of a chain's.
  ///
  /// - Parameters:
  ///   - arena: `memory.byteCount` bytes.
  ///   - scratch: `scratchBytesPerWorker` for each worker.
  func program(
    arena: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer, scratchBytesPerWorker: Int
  ) -> [[SessionStep]] {
    var program: [[SessionStep]] = []
    for stretch in stretches {
      for worker in 0..<plan.workers {
        let own = scratch + worker * scratchBytesPerWorker
        let index = stretch.lowerBound
        if let chain = chain(stretch) {
          program.append(steps(of: chain, worker, arena: arena, scratch: own))
        } else if slices.isByRows[index] {
          var step = step(
            index, rows: computedRows(index, worker), arena: arena, scratch: own
          ) { map($0, worker, row: $1, arena) }
          step.copies = copies(before: index, worker, arena: arena)
          program.append([step])
        } else {
          var step = step(index, worker, arena: arena, scratch: scratch)
          step.call.scratchBytesPerWorker = scratchBytesPerWorker
          program.append([step])
        }
      }
    }
    nameFollowingWeights(&program)
    return program
  }

  private func step(
    _ index: Int, _ worker: Int, arena: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer
  ) -> SessionStep {
    let step = plan.steps[index]
    func map(_ step: Int?) -> UnsafeMutableRawPointer? {
      step.map { arena + memory.offset(step: $0) }
    }
    var call = steps[index].call(
      input: map(step.input) ?? arena, output: arena + memory.offset(step: index),
      residual: map(step.residual).map { UnsafeRawPointer($0) }, scratch: scratch)
    call.rowParts = rowParts[index]
    return SessionStep(
      index: index, call: call, worker: worker, workers: step.choice.workers,
      imageOffset: step.input == nil ? 0 : nil)
  }

  /// A step, or a band of one, whose rows a worker computes with a call of its own.
  ///
  /// - Parameters:
  ///   - scratch: the worker's own.
  ///   - map: where it finds a row of a step's output.
  func step(
    _ index: Int, rows: Range<Int>, arena: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer, map: (_ step: Int, _ row: Int) -> MapRows
  ) -> SessionStep {
    let step = plan.steps[index]
    let firstRead = steps[index].inputRows(ofOutput: rows).lowerBound
    let call = steps[index].call(
      rows: rows,
      input: step.input.map { map($0, firstRead) } ?? MapRows(address: arena, planeBytes: 0),
      output: map(index, rows.lowerBound),
      residual: step.residual.map { map($0, rows.lowerBound) }, scratch: scratch)
    let image = plan.network.input
    let imageRowBytes = image.width * image.channels * plan.network.elementType.byteCount
    return SessionStep(
      index: index, call: call, worker: 0, workers: 1,
      imageOffset: step.input == nil ? firstRead * imageRowBytes : nil)
  }

  /// Where a worker finds row `row` of a step's output.
  func map(
    _ step: Int, _ worker: Int, row: Int, _ arena: UnsafeMutableRawPointer
  ) -> MapRows {
    let base = arena + memory.offset(step: step, worker: worker)
    if let slice = slices.maps[step]?[worker] {
      return MapRows(
        address: base + slice.byteOffset(row: row), planeBytes: slice.layout.planeBytes)
    }
    let layout = steps[step].outputLayout
    return MapRows(
      address: base + layout.byteOffset(row: row, column: 0, channel: 0),
      planeBytes: layout.planeBytes)
  }

  /// The rows that a worker's windows reach and that others computed.
  func copies(
    before index: Int, _ worker: Int, arena: UnsafeMutableRawPointer
  ) -> [RowCopy] {
    guard let source = plan.steps[index].input, let map = slices.maps[source] else { return [] }
    let needed = steps[index].inputRows(ofOutput: computedRows(index, worker))
    let layout = map[worker].layout
    return owners(of: needed, in: map).filter { $0.worker != worker }.map { other, rows in
      RowCopy(
        source: self.map(source, other, row: rows.lowerBound, arena),
        target: self.map(source, worker, row: rows.lowerBound, arena),
        byteCount: rows.count * layout.shape.width * layout.pixelBytes, planes: layout.blockCount)
    }
  }

  /// Every stretch fetches the beginning of the next one's weights, a chain with the end of its last band.
  private func nameFollowingWeights(_ program: inout [[SessionStep]]) {
    var following: FollowingWeights?
    for (index, stretch) in stretches.enumerated().reversed() {
      for worker in 0..<plan.workers {
        let place = index * plan.workers + worker
        guard let end = program[place].indices.last else { continue }
        program[place][end].call.following = following
        if slices.isByRows[stretch.lowerBound] || chain(stretch) != nil, let all = following {
          program[place][end].call.following = FollowingWeights(
            address: all.address + worker * all.bytesBetweenWorkers, byteCount: all.byteCount,
            bytesBetweenWorkers: 0)
        }
      }
      for step in stretch.reversed() {
        following =
          steps[step].weightsToFetch(workers: plan.steps[step].choice.workers) ?? following
      }
    }
  }
}
