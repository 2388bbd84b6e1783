# DSKernelsAVX2 reload
# A product that reads its operand from the frame.
    .type tile, @function
tile:
    pushq %rbp
    movq %rsp, %rbp
1:  vfmadd231ps -96(%rbp), %ymm1, %ymm0
    decq %rsi
    jne 1b
    popq %rbp
    ret
