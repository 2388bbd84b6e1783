import DSCommandLine
import DSCore

/// What all programs do about memory that is missing.
public enum ProgramMemory {
  /// Whether there is enough to say that there is too little: below this a program ends without a sentence.
  public static func check() throws { try MemoryAllowance.checkReserve() }

  /// Of an error that no command made its own: an input that cannot be read, or a machine without the memory for it.
  public static func exitCode(of error: any Error) -> ExitCode {
    let isShort = (error as? any MemoryError)?.memoryShortage != nil
    return isShort ? .machineCannot : .unreadableInput
  }
}
