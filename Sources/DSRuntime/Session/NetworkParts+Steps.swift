import DSCore
import DSKernels

extension NetworkParts {
  /// What each worker does in each step, step after step, and the copies that they name.
  ///
  /// - Parameters:
  ///   - arena: `memory.byteCount` bytes.
  ///   - scratch: `scratchBytesPerWorker` for each worker.
  func program(
    arena: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer, scratchBytesPerWorker: Int
  ) -> (steps: [SessionStep], copies: [RowCopy]) {
    var program: [SessionStep] = []
    var copies: [RowCopy] = []
    for index in plan.steps.indices {
      for worker in 0..<plan.workers {
        if slices.isByRows[index] {
          let first = copies.count
          copies += self.copies(before: index, worker, arena: arena)
          var step = stepByRows(
            index, worker, arena: arena, scratch: scratch + worker * scratchBytesPerWorker)
          step.copies = first..<copies.count
          program.append(step)
        } else {
          var step = step(index, worker, arena: arena, scratch: scratch)
          step.call.scratchBytesPerWorker = scratchBytesPerWorker
          program.append(step)
        }
      }
    }
    nameFollowingWeights(&program)
    return (program, copies)
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
      call: call, worker: worker, workers: step.choice.workers,
      imageOffset: step.input == nil ? 0 : nil)
  }

  private func stepByRows(
    _ index: Int, _ worker: Int, arena: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer
  ) -> SessionStep {
    let step = plan.steps[index]
    let rows = ownRows(index, worker)
    let firstRead = steps[index].inputRows(ofOutput: rows).lowerBound
    func map(_ source: Int, row: Int) -> MapRows { self.map(source, worker, row: row, arena) }
    let call = steps[index].call(
      rows: rows,
      input: step.input.map { map($0, row: firstRead) } ?? MapRows(address: arena, planeBytes: 0),
      output: map(index, row: rows.lowerBound),
      residual: step.residual.map { map($0, row: rows.lowerBound) }, scratch: scratch)
    let image = plan.network.input
    let imageRowBytes = image.width * image.channels * plan.network.elementType.byteCount
    return SessionStep(
      call: call, worker: 0, workers: 1,
      imageOffset: step.input == nil ? firstRead * imageRowBytes : nil)
  }

  /// Where a worker finds row `row` of a step's output.
  private func map(
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
  private func copies(
    before index: Int, _ worker: Int, arena: UnsafeMutableRawPointer
  ) -> [RowCopy] {
    guard let source = plan.steps[index].input, let map = slices.maps[source] else { return [] }
    let needed = steps[index].inputRows(ofOutput: ownRows(index, worker))
    let layout = map[worker].layout
    return owners(of: needed, in: map).filter { $0.worker != worker }.map { other, rows in
      RowCopy(
        source: self.map(source, other, row: rows.lowerBound, arena),
        target: self.map(source, worker, row: rows.lowerBound, arena),
        byteCount: rows.count * layout.shape.width * layout.pixelBytes, planes: layout.blockCount)
    }
  }

  /// Every step fetches the beginning of the next step's weights.
  private func nameFollowingWeights(_ program: inout [SessionStep]) {
    var following: FollowingWeights?
    for index in plan.steps.indices.reversed() {
      for worker in 0..<plan.workers {
        let step = index * plan.workers + worker
        program[step].call.following = following
        if slices.isByRows[index], let all = following {
          program[step].call.following = FollowingWeights(
            address: all.address + worker * all.bytesBetweenWorkers, byteCount: all.byteCount,
            bytesBetweenWorkers: 0)
        }
      }
      following =
        steps[index].weightsToFetch(workers: plan.steps[index].choice.workers) ?? following
    }
  }
}
