"""Seeded weights, bit for bit those of Swift's `SeededWeights` (Sources/DSRuntime/Weights).

The values of a tensor depend on its name, the seed and its role alone:

    state  = FNV-1a-64(UTF-8 of the name) XOR seed
    u[i]   = ((SplitMix64(state)[i] >> 40) - 2^23) / 2^23          in [-1, 1), exact in float32
    value  = float32(centre + spread * u[i])                       computed in float64

    role                               centre   spread
    kernel with batch normalisation    0        sqrt(6 / fan-in)     (He et al. 2015, doi:10.1109/ICCV.2015.123)
    kernel without                     0        sqrt(1.5 / fan-in)
    gamma                              1        0.2
    beta, mean, bias                   0        0.2
    variance                           1        0.5

A kernel without batch normalisation (a separable convolution's depthwise half, the classifier) has
no ReLU behind it that would halve its output's power, and the residual sums of Xception would
double it at every module; half the amplitude keeps activations near one and the softmax off its limits.
"""

import math

import numpy as np


def fnv1a64(name: str) -> int:
    return fnv1a64_bytes(name.encode())


def fnv1a64_bytes(data: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFF_FFFF_FFFF_FFFF
    return value


def unit_values(name: str, count: int, seed: int = 0) -> np.ndarray:
    """The first `count` values in [-1, 1) of the stream that belongs to `name`, as float64."""
    with np.errstate(over="ignore"):
        steps = np.arange(1, count + 1, dtype=np.uint64)
        z = np.uint64(fnv1a64(name) ^ seed) + steps * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(40)).astype(np.float64) - 2.0**23) / 2.0**23


_CENTRE_AND_SPREAD = {
    "gamma": (1.0, 0.2),
    "beta": (0.0, 0.2),
    "moving_mean": (0.0, 0.2),
    "moving_variance": (1.0, 0.5),
    "bias": (0.0, 0.2),
}


def fan_in(shape: tuple[int, ...], depthwise: bool) -> int:
    """How many products one output sums."""
    taps = math.prod(shape[:-2])
    return taps if depthwise else taps * shape[-2]


def is_normalised(kernel: str) -> bool:
    """Whether batch normalisation follows; of all kernels only these three kinds go without."""
    return not kernel.endswith(("/depthwise_kernel", "conv_preds/kernel", "predictions/kernel"))


def tensor(name: str, shape: tuple[int, ...], depthwise: bool, seed: int = 0) -> np.ndarray:
    """The float32 tensor of a Keras Applications variable; `depthwise` says it is such a kernel."""
    role = name.rsplit("/", 1)[1]
    if role in _CENTRE_AND_SPREAD:
        centre, spread = _CENTRE_AND_SPREAD[role]
    else:
        power = 6.0 if is_normalised(name) else 1.5
        centre, spread = 0.0, math.sqrt(power / fan_in(shape, depthwise))
    values = centre + spread * unit_values(name, math.prod(shape), seed)
    return values.astype(np.float32).reshape(shape)


def input_image(resolution: int, seed: int = 0) -> np.ndarray:
    """A preprocessed input, NHWC float32 in [-1, 1): the stream that belongs to "input"."""
    values = unit_values("input", resolution * resolution * 3, seed)
    return values.astype(np.float32).reshape(1, resolution, resolution, 3)
