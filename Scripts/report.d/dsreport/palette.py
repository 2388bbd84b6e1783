"""Colours and marks. Never colour alone: operators differ in symbol too, methods in pattern.

The colours are those of Okabe and Ito, "Color Universal Design" (2008), which people with any kind of
colour vision tell apart. Two stand-ins become the page's ink and its muted ink when it is drawn, so that
one figure serves light and dark.
"""

INK = "#010101"
MUTED = "#020202"
PAPER = "#030303"

BLUE, SKY, GREEN, ORANGE = "#0072B2", "#56B4E9", "#009E73", "#E69F00"
VERMILLION, PURPLE, YELLOW = "#D55E00", "#CC79A7", "#F0E442"
GREY = "#9AA3AD"  # what is not ours

OPERATORS = {
    "pointwise": (BLUE, "circle"),
    "depthwise": (ORANGE, "square"),
    "standard": (GREEN, "diamond"),
    "separable": (VERMILLION, "triangle-up"),
    "inverted": (PURPLE, "triangle-down"),
    "reduction": (VERMILLION, "triangle-left"),
    "pooled": (BLUE, "triangle-right"),
    "dense": (SKY, "cross"),
    "maxpool": (YELLOW, "x"),
    "avgpool": (YELLOW, "star"),
}
OTHER = (MUTED, "hexagon")

METHODS = ["naive", "tiled", "im2col", "simd", "threaded", "fused"]
PATTERNS = {"naive": "x", "tiled": "+", "im2col": "\\", "threaded": ".", "fused": "/"}


def operator_mark(operator: str) -> tuple[str, str]:
    """Colour and symbol."""
    return OPERATORS.get(operator, OTHER)


def method_pattern(method: str) -> str:
    return PATTERNS.get(method, "")


def method_rank(method: str) -> int:
    return METHODS.index(method) if method in METHODS else len(METHODS)
