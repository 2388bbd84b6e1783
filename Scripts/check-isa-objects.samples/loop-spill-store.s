# DSKernelsAVX512 spill
    .type tile, @function
tile:
1:  vmovups %zmm3, 64(%rsp)
    vfmadd231ps (%rdi), %zmm1, %zmm0
    decq %rsi
    jne 1b
    ret
