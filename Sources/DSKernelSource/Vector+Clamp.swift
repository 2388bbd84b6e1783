/// `min(high, max(low, vector))`, NaN passed through: one maximum and one minimum instruction.
///
/// The order of the comparisons matters. `low > vector ? low : vector` is what `maxps` computes, NaN and
/// signed zeros included; written as `vector < low ? low : vector` it became a comparison and a masked move
/// each (Swift 6.3). So did a bound that was spread over the lanes on the spot: it was spread twice, and the
/// comparison no longer had the operand of the selection. That is why jobs hold their bounds as vectors.
/// `clamped(lowerBound:upperBound:)` and `pointwiseMax` are calls: one of them in a tile's epilogue made
/// the whole kernel up to ten times slower.
@inline(always)
func clamp(_ vector: Vector, _ low: Vector, _ high: Vector) -> Vector {
  let raised = vector.replacing(with: low, where: low .> vector)
  return raised.replacing(with: high, where: high .< raised)
}

@inline(always)
func load(_ address: UnsafeRawPointer, _ vectorIndex: Int) -> Vector {
  address.loadUnaligned(fromByteOffset: vectorIndex * vectorBytes, as: Vector.self)
}

/// The lower half of the `vectorIndex`th vector.
@inline(always)
func loadHalf(_ address: UnsafeRawPointer, _ vectorIndex: Int) -> HalfVector {
  address.loadUnaligned(fromByteOffset: vectorIndex * vectorBytes, as: HalfVector.self)
}

/// The lower half of the `vectorIndex`th vector, in both halves.
@inline(always)
func loadTwice(_ address: UnsafeRawPointer, _ vectorIndex: Int) -> Vector {
  let half = loadHalf(address, vectorIndex)
  return Vector(lowHalf: half, highHalf: half)
}

@inline(always)
func store(_ vector: Vector, _ address: UnsafeMutableRawPointer, _ vectorIndex: Int) {
  address.storeBytes(of: vector, toByteOffset: vectorIndex * vectorBytes, as: Vector.self)
}

let vectorBytes = MemoryLayout<Vector>.size
let lanes = Vector.scalarCount
