import Glibc

/// How much of the large parametrised tests to run; `DSTUNE_TEST_EFFORT=quick` is for emulated CPUs.
public enum TestEffort {
  public static let isQuick = getenv("DSTUNE_TEST_EFFORT").map { String(cString: $0) } == "quick"
}
