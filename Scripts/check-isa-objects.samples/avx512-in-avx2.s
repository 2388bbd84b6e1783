# DSKernelsAVX2 isa
# A ymm register that only AVX-512VL has.
    .type tile, @function
tile:
    vaddps %ymm17, %ymm1, %ymm2
    ret
