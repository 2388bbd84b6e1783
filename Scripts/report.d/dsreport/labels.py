"""Where words go in a chart, so that all of them can be read and hide nothing."""

# A line of words as a part of the chart's height, and a label as a part of its width, on a phone.
LINE_SHARE = 0.06
LABEL_SHARE = 0.4


def label_heights(
    rates: list[float], across: tuple[float, float], up: tuple[float, float], marks: list[tuple[float, float]],
) -> list[float]:
    """Where on its line each bandwidth of a roofline has its label, in GFLOP/s.

    That is where the line enters the chart, at its left edge or its bottom; but a line of words above the next
    slower one's, and above marks that the label would lie on. `across` and `up` are the ends of the axes, both
    logarithmic, and `marks` are (intensity, GFLOP/s).
    """
    (low, high), (bottom, top) = across, up
    line, width = (top / bottom) ** LINE_SHARE, (high / low) ** LABEL_SHARE

    def hides(height: float, rate: float) -> bool:
        return any(
            height / line < y < height * line and height / rate / line < x < height / rate * width for x, y in marks)

    heights: dict[float, float] = {}
    lowest = 0.0
    for rate in sorted(rates):
        first = max(low * rate, 1.15 * bottom, lowest)
        height = first
        while height < top and hides(height, rate):
            height *= line
        heights[rate] = height if height < top else first
        lowest = heights[rate] * line
    return [heights[rate] for rate in rates]
