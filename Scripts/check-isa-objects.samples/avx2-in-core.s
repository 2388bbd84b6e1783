# DSCore isa
    .type copy, @function
copy:
    vmovups (%rdi), %ymm0
    vmovups %ymm0, (%rsi)
    vzeroupper
    ret
