# DSKernelsAVX2 nothing
# No product in the loop: a copy may call and may use the stack.
    .type tile, @function
tile:
1:  vmovups (%rsp), %ymm0
    call other
    decq %rsi
    jne 1b
    ret
