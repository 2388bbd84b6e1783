# DSKernelsAVX2 weak
# Named after another instruction set's module, whose name begins alike.
    .weak $s15DSKernelsAVX5124tile
    .type $s15DSKernelsAVX5124tile, @function
$s15DSKernelsAVX5124tile:
    ret
