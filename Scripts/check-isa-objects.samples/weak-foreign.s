# DSKernelsAVX2 weak
# A generic of the standard library, specialised: any other object may hold it as well.
    .weak $ss11InlineArrayV9repeatingABTg5
    .type $ss11InlineArrayV9repeatingABTg5, @function
$ss11InlineArrayV9repeatingABTg5:
    ret
