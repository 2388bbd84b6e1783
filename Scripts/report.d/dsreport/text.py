"""Words and numbers as people read them."""

import html
import math
import textwrap

NETWORKS = {"mobilenet-v1": "MobileNet v1", "mobilenet-v2": "MobileNet v2", "xception": "Xception"}
USUAL_RESOLUTION = {"xception": 299}


def escape(value: object) -> str:
    return html.escape(str(value), quote=True)


def network_title(name: str, width: float = 1.0, resolution: int | None = None) -> str:
    title = NETWORKS.get(name, name)
    if width != 1.0:
        title += f" ×{width:g}"
    if resolution not in (None, USUAL_RESOLUTION.get(name, 224)):
        title += f" at {resolution}"
    return title


def in_lines(text: str, width: int) -> str:
    """Broken between words, as an axis of a chart takes it."""
    return "<br>".join(textwrap.wrap(text, width))


def threads_text(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"


def number(value: object, digits: int = 3) -> str:
    """`digits` significant ones, never an exponent for what people measure: 0.00123, 5.79, 48.1, 1230."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u202f") if abs(value) >= 10000 else str(value)
    if not isinstance(value, float):
        return str(value)
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    if magnitude < -4:
        return f"{value:.{digits - 1}e}"
    return f"{value:.{max(0, digits - 1 - magnitude)}f}"


def byte_text(count: float) -> str:
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:.4g} {unit}"
    return f"{count:g} B"


def operator_of(problem: str) -> str:
    return problem.split(" ", 1)[0]


def method_of(kernel: str) -> str:
    """The rung of the ladder: `simd` of `f32-depthwise-3x3s1-simd__avx512`."""
    return kernel.split("__")[0].rsplit("-", 1)[-1]


def short_problem(problem: str) -> str:
    """Without what all problems of a chart share or nobody looks for first."""
    words = [word for word in problem.split(" ") if set(word.split(",")) - {"none", "relu", "relu6", "f32"}]
    return " ".join(word for word in words if not word.startswith("p") or word[1:2].isalpha())


def short_candidate(label: str) -> str:
    """`simd rows=9 vectors=3` of `f32-pointwise-simd__avx512 rows=9 vectors=3 stripTiles=0`."""
    kernel, *parameters = label.split(" ")
    return " ".join([method_of(kernel), *(p for p in parameters if not p.endswith("=0"))])
