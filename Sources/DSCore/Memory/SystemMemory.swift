import Glibc

/// The memory of this machine.
package enum SystemMemory {
  package static let byteCount = Int(sysconf(Int32(_SC_PHYS_PAGES))) * pageByteCount
  package static let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))
}
