# DSKernelsAVX2 nothing
# Weak, but named after its own module: shared by the objects of one target only.
    .weak $s13DSKernelsAVX24tile
    .type $s13DSKernelsAVX24tile, @function
$s13DSKernelsAVX24tile:
    ret
    .section .rodata
    .weak __swift_reflection_version
    .type __swift_reflection_version, @object
__swift_reflection_version:
    .short 3
