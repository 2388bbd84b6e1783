/// `min(high, max(low, vector))`, NaN passed on: one maximum and one minimum instruction.
@inline(always)
func clamp(_ vector: Vector, _ low: Vector, _ high: Vector) -> Vector {
  lesser(high, greater(low, vector))
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
