"""The notebooks of Notebooks/, executed by nbclient and by `glassbox notebook run`."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
GLASSBOX = ROOT / ".build/release/glassbox"
NOTEBOOKS = [p for p in sorted(ROOT.glob("Notebooks/**/*")) if p.suffix in (".md", ".ipynb") and p.name != "README.md"]


class Notebooks(unittest.TestCase):
    def test_there_are_some(self):
        self.assertTrue(NOTEBOOKS)

    def test_jupyter_executes_them(self):
        for path in NOTEBOOKS:
            with self.subTest(path.name):
                # Jupytext does not know Swift by itself.
                options = {"extension": ".md", "custom_language_magics": "swift"}
                notebook = jupytext.read(path, fmt=options if path.suffix == ".md" else None)
                NotebookClient(
                    notebook, timeout=300, kernel_name="glassbox", resources={"metadata": {"path": str(path.parent)}}
                ).execute()
                nbformat.validate(notebook)

    def test_they_run_without_jupyter(self):
        for path in NOTEBOOKS:
            with self.subTest(path.name), tempfile.TemporaryDirectory() as folder:
                output = Path(folder, "out.ipynb")
                done = run(path, "--output", output)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                notebook = nbformat.read(output, as_version=4)
                nbformat.validate(notebook)
                cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
                self.assertTrue(all(cell.execution_count for cell in cells))

    def test_the_first_error_ends_a_run(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "fails.md")
            path.write_text('# Fails\n\n```swift\nprint("one")\n```\n\n```swift\nprnt("two")\n```\n\n```swift\nprint("three")\n```\n')
            done = run(path)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            self.assertIn("prnt", done.stdout + done.stderr)
            self.assertNotIn("three\n", done.stdout)

    def test_the_doctor_finds_nothing(self):
        done = subprocess.run([GLASSBOX, "kernel", "doctor"], capture_output=True, text=True, timeout=120, env=os.environ)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


def run(*arguments):
    command = [GLASSBOX, "notebook", "run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, env=os.environ)


if __name__ == "__main__":
    unittest.main()
