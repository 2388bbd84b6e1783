# DSKernelsBaseline nothing
    .type tile, @function
tile:
    xorl %eax, %eax
1:  movups (%rdi,%rax,4), %xmm0
    mulps %xmm1, %xmm0
    addps %xmm0, %xmm2
    addq $4, %rax
    cmpq %rsi, %rax
    jl 1b
    verr %ax
    ret
