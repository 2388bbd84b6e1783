import Glibc

/// The memory of this machine.
package enum SystemMemory {
  package static let byteCount =
    Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
}
