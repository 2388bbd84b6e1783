# DSKernelsBaseline isa
# Only xmm registers, but in the VEX encoding that a CPU without AVX does not know.
    .type tile, @function
tile:
    vmulps %xmm1, %xmm2, %xmm3
    ret
