# DSKernelsAVX512 nothing
# The stack is used around the inner loop, never in it; the frame is rbp's.
    .type tile, @function
tile:
    pushq %rbp
    movq %rsp, %rbp
2:  vmovups -64(%rbp), %zmm4
    xorl %eax, %eax
1:  vmovups (%rdi,%rax,4), %zmm0
    vfmadd231ps %zmm0, %zmm1, %zmm4
    movq -8(%rbp), %rcx
    addq $16, %rax
    cmpq %rsi, %rax
    jl 1b
    vmovups %zmm4, -64(%rbp)
    call other
    decq %rdx
    jne 2b
    popq %rbp
    ret
