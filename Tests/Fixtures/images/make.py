#!/usr/bin/env python3
"""Makes the images in this folder with Pillow, and beside each the RGB pixels Pillow reads from it.

Needs Pillow and cjpeg (Debian's libjpeg-turbo-progs). The results are committed; run again only to add an image.
"""

import array
import io
import json
import pathlib
import struct
import subprocess
import zlib

from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 13, 9


def pixel(x: int, y: int) -> tuple[int, int, int]:
    return (x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), (x * y * 7) % 256)


def picture() -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT))
    image.putdata([pixel(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
    return image


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png16(path: pathlib.Path, channels: int, samples: list[int]) -> None:
    """A 16-bit PNG of 1 (gray), 3 (RGB) or 4 (RGBA) channels, which Pillow cannot write."""
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


def keep(name: str, content: bytes) -> None:
    """The file, and the pixels that Pillow sees upright."""
    (HERE / name).write_bytes(content)
    with Image.open(HERE / name) as image:
        image.load()
        ImageOps.exif_transpose(image).convert("RGB").save(HERE / (name + ".ppm"))


def jpeg(image: Image.Image, **options) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", **options)
    return target.getvalue()


def cjpeg(image: Image.Image, *options: str) -> bytes:
    source = io.BytesIO()
    image.save(source, "PPM")
    return subprocess.run(["cjpeg", *options], input=source.getvalue(), stdout=subprocess.PIPE, check=True).stdout


def two_channels(image: Image.Image) -> bytes:
    """A JPEG of two channels: one of three whose channels have scans of their own, without the last."""
    scans = HERE / "scans.txt"
    scans.write_text("0;\n1;\n2;\n")
    whole = cjpeg(image, "-sample", "1x1,1x1,1x1", "-scans", str(scans))
    scans.unlink()
    frame = whole.index(b"\xff\xc0")
    cut = whole[:frame] + struct.pack(">BBH", 0xFF, 0xC0, 14) + whole[frame + 4 : frame + 9] + b"\x02"
    cut += whole[frame + 10 : frame + 16] + whole[frame + 19 :]
    return cut[: cut.rindex(b"\xff\xda")] + b"\xff\xd9"


def other_jpegs(rgb: Image.Image, gray: Image.Image) -> None:
    """What the format allows and few programs write."""
    ink = jpeg(rgb.convert("CMYK"), subsampling=0)
    adobe = ink.index(b"Adobe")
    colours = {
        "arithmetic.jpg": cjpeg(rgb, "-arithmetic"),
        "arithmetic-progressive.jpg": cjpeg(rgb, "-arithmetic", "-progressive"),
        "stored-rgb.jpg": jpeg(rgb, keep_rgb=True),
        "restarts.jpg": cjpeg(rgb, "-restart", "1B"),
        "gray-2x2.jpg": cjpeg(gray, "-sample", "2x2"),
        # The last byte of the marker says that inks are stored as luma, chroma and black.
        "ink-luma.jpg": ink[: adobe + 11] + b"\2" + ink[adobe + 12 :],
    }
    for factors in ("2x2,2x1,1x1", "3x1,1x1,1x1", "4x2,1x1,1x1", "1x4,1x1,1x1", "1x1,2x1,1x1", "2x1,1x2,1x1", "1x2,1x1,1x1",
                    "4x1,1x1,1x1", "2x2,1x1,1x1"):
        colours[f"sampling-{factors.replace(',', '-')}.jpg"] = cjpeg(rgb.resize((40, 48)), "-sample", factors)
    for name, content in colours.items():
        keep(name, content)
    (HERE / "two-channels.jpg").write_bytes(two_channels(rgb))


def exif(orientation: int, order: str = "<", kind: int = 3, count: int = 1, tag: int = 0x0112, before: bytes = b"") -> bytes:
    """EXIF data with this entry alone, or behind others."""
    value = struct.pack(order + ("I" if kind == 4 else "H"), orientation).ljust(4, b"\0")
    entries = before + struct.pack(order + "HHI", tag, kind, count) + value
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + struct.pack(order + "H", len(entries) // 12) + entries + bytes(4)


def oriented(rgb: Image.Image) -> None:
    for orientation in range(1, 9):
        order = "<>"[orientation % 2]
        keep(f"orientation-{orientation}.jpg", jpeg(rgb, subsampling=0, exif=b"Exif\0\0" + exif(orientation, order)))
    png = io.BytesIO()
    rgb.save(png, "PNG")
    content = png.getvalue()
    for name, place, orientation in (("before", content.index(b"IDAT") - 4, 6), ("behind", content.index(b"IEND") - 4, 5)):
        keep(f"orientation-{name}.png", content[:place] + chunk(b"eXIf", exif(orientation)) + content[place:])
    gray = io.BytesIO()
    rgb.convert("L").save(gray, "PNG")
    content = gray.getvalue()
    keep("orientation-gray.png", content[:33] + chunk(b"eXIf", exif(8, ">")) + content[33:])


def exif_table(rgb: Image.Image) -> list[dict]:
    """EXIF data, good and broken, and by which number Pillow orients an image that has them."""
    make = struct.pack("<HHII", 0x010F, 2, 4, 0x00636261)
    cases = {f"orientation {value}": exif(value) for value in range(10)}
    cases |= {f"orientation {value}, big-endian": exif(value, ">") for value in (1, 3, 6, 8, 256)}
    cases |= {
        "a long number": exif(6, kind=4), "a long number, big-endian": exif(8, ">", kind=4),
        "a byte": exif(6, kind=1), "text": exif(6, kind=2), "an unknown type": exif(6, kind=99), "type 0": exif(6, kind=0),
        "two numbers": exif(6, count=2), "no number": exif(6, count=0), "very many numbers": exif(6, count=0xFFFFFFFF),
        "another tag": exif(6, tag=0x0113), "behind another": exif(6, before=make),
        "twice": exif(6, before=exif(3)[10:22]), "twice, the last impossible": exif(9, before=exif(3)[10:22]),
        "more entries than there are": exif(6)[:8] + b"\xff\xff" + exif(6)[10:],
        "no entries": exif(6)[:8] + b"\0\0" + exif(6)[10:],
        "directory before the start": b"II*\0\0\0\0\0" + exif(6)[8:],
        "directory beyond the end": b"II*\0\xff\xff\xff\xff" + exif(6)[8:],
        "directory at the end": b"II*\0" + struct.pack("<I", len(exif(6))) + exif(6)[8:],
        "directory elsewhere": b"II*\0" + struct.pack("<I", 12) + b"abcd" + exif(6)[8:],
        "byte orders that differ": b"MM\0*" + exif(6)[4:], "no TIFF": b"XX" + exif(6)[2:], "BigTIFF": b"II+\0" + exif(6)[4:],
        "empty": b"", "zeros": bytes(64),
    }
    for length in range(len(exif(6))):
        cases[f"cut after {length} bytes"] = exif(6)[:length]
    rows = []
    for name, data in cases.items():
        image = Image.open(io.BytesIO(jpeg(rgb, quality=100, subsampling=0, exif=b"Exif\0\0" + data)))
        image.load()
        try:
            seen = ImageOps.exif_transpose(image)
        except Exception:  # Pillow gives up; a photograph is shown as it is.
            seen = image
        turns = [None, *(getattr(Image.Transpose, turn) for turn in (
            "FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90"))]
        found = [
            number for number, turn in enumerate(turns, 1)
            if seen.tobytes() == (image if turn is None else image.transpose(turn)).tobytes() and seen.size == (
                image if turn is None else image.transpose(turn)).size
        ]
        assert len(found) == 1, name
        rows.append({"name": name, "exif": list(data), "orientation": found[0]})
    return rows


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

    other_jpegs(rgb, gray)
    oriented(rgb)
    (HERE / "exif.json").write_text(
        "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in exif_table(rgb)) + "\n]\n")

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
