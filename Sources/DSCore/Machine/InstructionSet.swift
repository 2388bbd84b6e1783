/// An instruction set that kernels are compiled for, ordered by what it can do.
public enum InstructionSet: String, Sendable, Hashable, CaseIterable, Comparable, Codable {
  /// What every CPU of the architecture has: SSE2 on x86-64, NEON on Arm.
  case baseline
  /// AVX2 with FMA, BMI1 and BMI2.
  case avx2
  /// AVX-512 F, BW, DQ, VL and CD, with all of `avx2`.
  case avx512

  public static func < (left: InstructionSet, right: InstructionSet) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int { InstructionSet.allCases.firstIndex(of: self) ?? 0 }

  /// Bytes of a vector register.
  public var vectorBytes: Int {
    switch self {
    case .baseline: 16
    case .avx2: 32
    case .avx512: 64
    }
  }

  /// Channels in one block of a tensor: as many as one vector holds.
  public func channelBlock(_ type: ElementType) -> Int { vectorBytes / type.byteCount }
}
