# DSKernelsBaseline call
    .type tile, @function
tile:
1:  movss (%rdi), %xmm0
    call fmaf
    decq %rsi
    jne 1b
    ret
