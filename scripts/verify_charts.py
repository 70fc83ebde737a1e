"""Compiles each Vega-Lite file of a folder to Vega, and draws it: see verify-charts, which calls this."""

import json
import os
import subprocess
import sys
from pathlib import Path

import vl_convert

VERSION = [version for version in vl_convert.get_vegalite_versions() if version.startswith("5.")][-1]

# The compiler's warnings go to the standard error of the process, beyond Python's: so each file has a process.
DRAW = """
import sys, vl_convert
text = open(sys.argv[1]).read()
vl_convert.vegalite_to_vega(text, vl_version=sys.argv[2], show_warnings=True)
open(sys.argv[3], "wb").write(vl_convert.vegalite_to_png(text, vl_version=sys.argv[2], scale=1.5, show_warnings=True))
"""


def main(folder: Path) -> int:
    files = sorted(folder.glob("*.json"))
    failures = 0
    for file in files:
        json.loads(file.read_text(), parse_constant=lambda name: sys.exit(f"{file}: {name} is no JSON"))
        picture = file.with_suffix(".png")
        command = [sys.executable, "-c", DRAW, str(file), VERSION, str(picture)]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
        said = (done.stdout + done.stderr).strip()
        if done.returncode != 0 or said:
            failures += 1
            print(f"{file.name}: {said}")
    print(f"{len(files) - failures} of {len(files)} charts are drawn by Vega-Lite {VERSION} without an error or a warning")
    return 1 if failures or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
