# DSKernelsAVX2 nothing
# Without a frame rbp is a pointer like any other.
    .type tile, @function
tile:
1:  vfmadd231ps (%rbp), %ymm1, %ymm0
    addq $32, %rbp
    decq %rsi
    jne 1b
    ret
