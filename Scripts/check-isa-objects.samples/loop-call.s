# DSKernelsAVX2 call
    .type tile, @function
tile:
1:  vfmadd231ps (%rdi), %ymm1, %ymm0
    call other
    decq %rsi
    jne 1b
    ret
