"""The report as a chart in SVG: each row's ratio to each peer, a dot on a logarithmic axis, with a panel for each number of threads."""

import math
from xml.sax.saxutils import escape

COLOURS = {"PyTorch": "#d6402f", "torch.compile": "#e8a33d", "JAX": "#3b6fb6"}
LOWEST, HIGHEST = 0.2, 200
TICKS = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

# In pixels.
ROW, NAMES, PANEL, GAP, TOP, BOTTOM = 14, 350, 330, 30, 66, 26

STYLE = """
text { font: 11px sans-serif; fill: #222 }
.end { text-anchor: end } .middle { text-anchor: middle } .title { font-weight: bold }
.tick { stroke: #e4e4e4 } .one { stroke: #222 } .group { stroke: #888 }
"""


def svg(report):
    """SVG text; the same report gives the same text."""
    sections = report["threads"]
    rows = list(next(iter(sections.values())).items())
    # Networks first, then operations, each in the table's order.
    rows.sort(key=lambda item: not item[1]["network"])
    names = [name for name, _ in rows]
    networks = sum(row["network"] for _, row in rows)
    width = NAMES + len(sections) * (PANEL + GAP)
    height = TOP + ROW * len(names) + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<style>{STYLE}</style>", f'<rect width="{width}" height="{height}" fill="white"/>',
        # Every other row is shaded, so that the eye finds the way from a name to its dots.
        f'<pattern id="rows" y="{TOP}" width="{width}" height="{2 * ROW}" patternUnits="userSpaceOnUse">',
        f'<rect width="{width}" height="{ROW}" fill="#f6f6f6"/></pattern>',
        f'<rect y="{TOP}" width="{width}" height="{ROW * len(names)}" fill="url(#rows)"/>', *legend(sections)]
    parts += [text(NAMES - 8, y_of(index) + 4, name, "end") for index, name in enumerate(names)]
    for index, (threads, results) in enumerate(sections.items()):
        parts += panel(NAMES + index * (PANEL + GAP), threads, names, networks, results)
    return "\n".join([*parts, "</svg>"]) + "\n"


def legend(sections):
    """The peers that took part, beside a dot of their colour, and what a dot says."""
    taking_part = {peer for rows in sections.values() for row in rows.values() for peer in row["peers"]}
    parts = [text(NAMES, 16, "The peer's time over Glassbox's: right of 1×, Glassbox is faster.")]
    x = NAMES + 400
    for peer in COLOURS:
        if peer in taking_part:
            parts += [f'<circle cx="{x}" cy="12" r="4" fill="{COLOURS[peer]}"/>', text(x + 8, 16, peer)]
            x += 30 + 7 * len(peer)
    return parts


def panel(left, threads, names, networks, rows):
    bottom = TOP + ROW * len(names)
    parts = [
        f'<g transform="translate({left} 0)">',
        text(PANEL / 2, 38, f"{threads} thread{'s' if int(threads) > 1 else ''}", "middle title"),
        f'<rect y="{TOP}" width="{x_of(1)}" height="{bottom - TOP}" fill="#d6402f" opacity="0.06"/>']
    for tick in TICKS:
        x = x_of(tick)
        parts.append(line(x, TOP, x, bottom, "one" if tick == 1 else "tick"))
        parts += [text(x, y, f"{tick:g}×", "middle") for y in (TOP - 6, bottom + 16)]
    if 0 < networks < len(names):
        y = TOP + ROW * networks
        parts.append(line(0, y, PANEL, y, "group"))
    # PyTorch's dots last, over the others'.
    for peer in reversed(COLOURS):
        found = [(index, rows[name]["peers"][peer]["ratio"]) for index, name in enumerate(names) if peer in rows[name]["peers"]]
        parts.append(f'<g fill="{COLOURS[peer]}">')
        parts += [f'<circle cx="{x_of(ratio)}" cy="{y_of(index)}" r="3.5"/>' for index, ratio in found]
        parts.append("</g>")
    return [*parts, "</g>"]


def x_of(ratio):
    """Within a panel; what lies beyond the axis stands at its end."""
    share = math.log(ratio / LOWEST) / math.log(HIGHEST / LOWEST)
    return round(PANEL * min(max(share, 0), 1), 1)


def y_of(index):
    return TOP + ROW * index + ROW // 2


def line(x1, y1, x2, y2, style):
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{style}"/>'


def text(x, y, words, style=None):
    return f'<text x="{x:g}" y="{y:g}"' + (f' class="{style}"' if style else "") + f">{escape(words)}</text>"
