import Foundation
import Testing

/// The sanitizer that this process was built with, if any (`Scripts/test --sanitize`).
package enum Sanitizer {
  /// For tests that limit the memory a process may map: those for addresses and threads map terabytes of their own.
  package static let allowsLimits = ConditionTrait.enabled(
    if: !ownsMemory, "a sanitizer maps terabytes of memory")

  private static var ownsMemory: Bool {
    dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil
  }

  /// Where programs that tests start report to; without it a finding would be taken for their output.
  package static var options: [String: String] {
    ProcessInfo.processInfo.environment.filter {
      ["ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"].contains($0.key)
    }
  }
}
