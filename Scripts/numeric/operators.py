"""The operators of network files in NumPy's Float64, each with a bound on what Float32 kernels may be off by.

Written apart from the Swift reference, from Documentation/NetworkFormat.md: padded copies and sliding windows, no loops over taps.
"""

from dataclasses import dataclass

import numpy

BOUNDS = {"none": (-numpy.inf, numpy.inf), "relu": (0.0, numpy.inf), "relu6": (0.0, 6.0)}
# Float32 kernels may lose what lies below the least normal number.
UNDERFLOW = 2.0**-120


@dataclass
class Map:
    """Values [image][row][column][channel], and how far a Float32 kernel's may be from them. Infinite values and NaN are exact."""

    values: numpy.ndarray
    bounds: numpy.ndarray

    @staticmethod
    def exact(values):
        values = numpy.asarray(values, numpy.float64)
        return Map(values, numpy.zeros_like(values))


@dataclass(frozen=True)
class Window:
    height: int = 1
    width: int = 1
    stride: int = 1
    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    def extent(self, height, width):
        """Rows and columns of the output."""
        return ((height + self.top + self.bottom - self.height) // self.stride + 1,
                (width + self.left + self.right - self.width) // self.stride + 1)


def gamma(roundings):
    """Higham, Accuracy and Stability of Numerical Algorithms, section 3.1."""
    error = roundings * 2.0**-24
    return error / (1 - error)


def windows(array, window, fill):
    """[image][row][column][window row][window column][channel], `fill` outside the array."""
    sides = ((0, 0), (window.top, window.bottom), (window.left, window.right), (0, 0))
    padded = numpy.pad(array, sides, constant_values=fill)
    view = numpy.lib.stride_tricks.sliding_window_view(padded, (window.height, window.width), (1, 2))
    return numpy.moveaxis(view[:, ::window.stride, ::window.stride], 3, -1)


def clamp(tensor, activation):
    """As numpy.maximum and numpy.minimum: NaN stays NaN. No clamp enlarges an error."""
    low, high = BOUNDS[activation]
    return Map(numpy.minimum(numpy.maximum(tensor.values, low), high), tensor.bounds)


def finish(values, magnitudes, inherited, roundings, residual, activation):
    if residual is not None:
        values = values + residual.values
        magnitudes = magnitudes + numpy.abs(residual.values)
        inherited = inherited + residual.bounds
    bounds = gamma(roundings) * (magnitudes + inherited) + inherited + UNDERFLOW
    return clamp(Map(values, numpy.where(numpy.isfinite(values), bounds, 0)), activation)


def convolution(tensor, kernel, bias, window, residual=None, activation="none"):
    """Standard, pointwise and dense layers; kernel [window row][window column][in][out]."""
    matrix = kernel.reshape(-1, kernel.shape[-1])

    def product(array, weights):
        patches = windows(array, window, 0)
        return patches.reshape(*patches.shape[:3], -1) @ weights

    return finish(
        product(tensor.values, matrix) + bias,
        product(numpy.abs(tensor.values), numpy.abs(matrix)) + numpy.abs(bias),
        product(tensor.bounds, numpy.abs(matrix)), len(matrix) + 3, residual, activation)


def strassen(tensor, kernel, bias, residual=None, activation="none"):
    """A pointwise layer by Strassen's algorithm for pairs of pixels: the same values, and a bound that is larger than any
    way to cut the channels in halves needs: each output is a sum of at most four products of sums of two numbers each."""
    plain = convolution(tensor, kernel, bias, Window())
    images, rows, columns, channels = tensor.values.shape
    pixels = numpy.abs(tensor.values).reshape(images, rows * columns, channels) + tensor.bounds.reshape(
        images, rows * columns, channels)
    partner = numpy.arange(rows * columns) ^ 1
    partner[partner == rows * columns] = max(0, rows * columns - 2)
    # Of the four products' operands: no sum of pixels is above the pair's, none of weights above four of the largest.
    pairs = (pixels + pixels[:, partner]).sum(-1, keepdims=True)
    magnitudes = 16 * pairs * numpy.abs(kernel).max() + numpy.abs(bias)
    magnitudes = magnitudes.reshape(images, rows, columns, -1)
    inherited = tensor.bounds @ numpy.abs(kernel[0, 0])
    return finish(
        plain.values, magnitudes, inherited, channels // 2 + 40, residual, activation)


def depthwise(tensor, kernel, bias, window, residual=None, activation="none"):
    """Kernel [window row][window column][channel]."""
    def product(array, weights):
        return (windows(array, window, 0) * weights).sum((3, 4))

    return finish(
        product(tensor.values, kernel) + bias,
        product(numpy.abs(tensor.values), numpy.abs(kernel)) + numpy.abs(bias),
        product(tensor.bounds, numpy.abs(kernel)), window.height * window.width + 3, residual, activation)


def maximum(tensor, window, residual=None, activation="none"):
    """NaN in a window is its maximum."""
    values = windows(tensor.values, window, -numpy.inf).max((3, 4))
    inherited = windows(tensor.bounds, window, 0).max((3, 4))
    return finish(values, numpy.abs(values), inherited, 3, residual, activation)


def average(tensor, window, residual=None, activation="none"):
    """Of the pixels inside the image."""
    count = windows(numpy.ones_like(tensor.values), window, 0).sum((3, 4))
    parts = [windows(array, window, 0).sum((3, 4)) / count
             for array in (tensor.values, numpy.abs(tensor.values), tensor.bounds)]
    return finish(*parts, window.height * window.width + 3, residual, activation)


def softmax(tensor):
    with numpy.errstate(invalid="ignore"):
        powers = numpy.exp(tensor.values - tensor.values.max(-1, keepdims=True))
        values = powers / powers.sum(-1, keepdims=True)
    spread = numpy.expm1(2 * tensor.bounds.max(-1, keepdims=True))
    return Map(values, values * (2.0**-20 + spread) + UNDERFLOW)
