"""Writes Tests/Goldens/pictures: small JPEG and PNG files of every kind, and what Pillow decodes from them (decoded.safetensors).

Needs pillow, numpy and safetensors from PyPI. Run it from anywhere: python scripts/goldens/pictures.py
"""

import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Goldens" / "pictures"
folder.mkdir(parents=True, exist_ok=True)

height, width = 19, 26
y, x = np.mgrid[0:height, 0:width].astype(float)
rgb = np.stack([128 + 120 * np.sin(x / 4), 10 * y, 255 - 5 * x - 5 * y + 60 * (x > y)], -1).clip(0, 255).astype(np.uint8)
alpha = (11 * x).clip(0, 255).astype(np.uint8)
colour = Image.fromarray(rgb)
grey = colour.convert("L")
decoded = {}


def white(image):
    """Over white, as Pillow pastes."""
    below = Image.new(image.mode[:-1], image.size, "white")
    below.paste(image.convert(image.mode[:-1]), mask=image.getchannel("A"))
    return below


def keep(name, image=None):
    """The picture upright, in colours and grey. Pillow can't do that for all that it reads: then `image` is what to take."""
    opened = image or ImageOps.exif_transpose(Image.open(folder / name))
    decoded[f"{name}/rgb"] = np.ascontiguousarray(np.moveaxis(np.asarray(opened.convert("RGB")), -1, 0))
    decoded[f"{name}/grey"] = np.asarray(opened.convert("RGB").convert("L") if opened.mode != "L" else opened)[None].copy()


def save(name, image, kept=None, **options):
    image.save(folder / name, **options)
    keep(name, kept)


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data


save("colour.jpg", colour, quality=80)
save("full.jpg", colour, quality=95, subsampling=0)
save("half.jpg", colour, quality=80, subsampling=1)
save("progressive.jpg", colour, quality=75, progressive=True)
save("grey.jpg", grey, quality=80)
save("rgb.jpg", colour, quality=90, keep_rgb=True)
save("cmyk.jpg", colour.convert("CMYK"), quality=90)
save("restarts.jpg", colour, quality=80, restart_marker_blocks=2)
save("turned-6.jpg", colour, quality=80, exif=exif(6))
for orientation in range(1, 9):
    save(f"turned-{orientation}.png", colour.resize((4, 3)), exif=exif(orientation))

save("colour.png", colour)
save("grey.png", grey)
save("palette.png", colour.quantize(7))
save("bits.png", grey.convert("1"))
transparent = colour.convert("RGBA")
transparent.putalpha(Image.fromarray(alpha))
save("alpha.png", transparent, white(transparent))
decoded["alpha.png/dropped"] = np.ascontiguousarray(np.moveaxis(np.asarray(transparent.convert("RGB")), -1, 0))
faint = grey.convert("LA")
faint.putalpha(Image.fromarray(alpha))
save("grey-alpha.png", faint, white(faint))
marked = colour.quantize(7)
marked.save(folder / "marked.png", transparency=2)
keep("marked.png", white(Image.open(folder / "marked.png").convert("RGBA")))


def png(name, bits, kind, rows, interlaced=0):
    """By hand, what Pillow doesn't write: rows of bytes, unfiltered."""
    def chunk(type, data):
        return struct.pack(">I", len(data)) + type + data + struct.pack(">I", zlib.crc32(type + data))
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    (folder / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


wide = (rgb.astype(int) * 256 + 77).astype(">u2")
png("deep.png", 16, 2, [row.tobytes() for row in wide])
keep("deep.png", colour)
png("deep-grey.png", 16, 0, [row.tobytes() for row in (np.asarray(grey).astype(int) * 256 + 200).astype(">u2")])
keep("deep-grey.png", grey)
passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
png("interlaced.png", 8, 2, [row.tobytes() for top, left, dy, dx in passes for row in rgb[top::dy, left::dx] if row.size], 1)
keep("interlaced.png")

save_file(decoded, folder / "decoded.safetensors")
print(f"{len(decoded)} pictures, {sum(f.stat().st_size for f in folder.iterdir())} bytes")
