import FuzzHarness
import Glibc

// hwloc would speak of every broken file.
setenv("HWLOC_HIDE_ERRORS", "2", 1)
FuzzProgram.main([.netpbm, .jpeg, .png, .topology])
