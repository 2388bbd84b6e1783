#!/usr/bin/env python3
"""Makes the images in this folder with Pillow, and beside each the RGB pixels Pillow reads from it.

Needs Pillow. The results are committed; run again only to add an image.
"""

import array
import json
import pathlib
import struct
import zlib

from PIL import Image

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 13, 9


def pixel(x: int, y: int) -> tuple[int, int, int]:
    return (x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), (x * y * 7) % 256)


def picture() -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT))
    image.putdata([pixel(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
    return image


def png16(path: pathlib.Path, channels: int, samples: list[int]) -> None:
    """A 16-bit PNG of 1 (gray), 3 (RGB) or 4 (RGBA) channels, which Pillow cannot write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = WIDTH * channels
    lines = b"".join(
        b"\0" + struct.pack(f">{row}H", *samples[y * row : (y + 1) * row]) for y in range(HEIGHT)
    )
    colour_type = {1: 0, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, colour_type, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    )


def nearest_indices(source: int, target: int) -> list[int]:
    """Which source column Pillow takes for each column of the target."""
    row = Image.new("I", (source, 1))
    row.putdata(range(source))
    return list(array.array("i", row.resize((target, 1), Image.Resampling.NEAREST).tobytes()))


def main() -> None:
    rgb = picture()
    gray = rgb.convert("L")
    with_alpha = rgb.convert("RGBA")
    with_alpha.putalpha(gray)
    images = {
        "rgb.png": rgb, "gray.png": gray, "alpha.png": with_alpha,
        "gray-alpha.png": with_alpha.convert("LA"), "palette.png": rgb.quantize(16),
        "bilevel.png": rgb.convert("1"), "rgb.jpg": rgb, "gray.jpg": gray,
        "progressive.jpg": rgb, "no-subsampling.jpg": rgb, "ink.jpg": rgb.convert("CMYK"),
    }
    options = {
        "progressive.jpg": {"progressive": True}, "no-subsampling.jpg": {"subsampling": 0},
    }
    for name, image in images.items():
        image.save(HERE / name, **options.get(name, {}))
        Image.open(HERE / name).convert("RGB").save(HERE / (name + ".ppm"))

    # Pillow clips 16-bit gray instead of scaling it; the upper byte is what is meant.
    wide = [value * 256 + 77 for value in gray.tobytes()]
    png16(HERE / "gray16.png", 1, wide)
    gray.convert("RGB").save(HERE / "gray16.png.ppm")
    png16(HERE / "rgb16.png", 3, [value * 256 + 200 for value in rgb.tobytes()])
    rgb.save(HERE / "rgb16.png.ppm")

    # In the last four, a centre between two pixels is decided by accumulated rounding.
    pairs = [(1, 5), (5, 1), (3, 7), (7, 3), (10, 4), (13, 32), (31, 8), (224, 96), (375, 49),
             (2, 7), (4, 30), (12, 9), (8, 52)]
    table = [
        {"source": source, "target": target, "indices": nearest_indices(source, target)}
        for source, target in pairs
    ]
    (HERE / "nearest.json").write_text(json.dumps(table, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
