/// `min(high, max(low, vector))`, NaN passed through.
///
/// Written with comparisons because `clamped(lowerBound:upperBound:)` and `pointwiseMax` are calls:
/// one of them in a tile's epilogue made the whole kernel up to ten times slower.
@inline(always)
func clamp(_ vector: Vector, _ low: Vector, _ high: Vector) -> Vector {
  let raised = vector.replacing(with: low, where: vector .< low)
  return raised.replacing(with: high, where: raised .> high)
}

@inline(always)
func load(_ address: UnsafeRawPointer, _ vectorIndex: Int) -> Vector {
  address.loadUnaligned(fromByteOffset: vectorIndex * vectorBytes, as: Vector.self)
}

@inline(always)
func store(_ vector: Vector, _ address: UnsafeMutableRawPointer, _ vectorIndex: Int) {
  address.storeBytes(of: vector, toByteOffset: vectorIndex * vectorBytes, as: Vector.self)
}

let vectorBytes = MemoryLayout<Vector>.size
let lanes = Vector.scalarCount
