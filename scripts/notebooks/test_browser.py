"""JupyterLab, started by `glassbox lab`, in Chromium: what a person does at a first visit."""

import os
import pty
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import psutil
from playwright.sync_api import expect, sync_playwright

from kernel import wait_until

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / ".lab/pictures"
NOTEBOOK = """\
---
jupyter:
  kernelspec:
    name: glassbox
    display_name: Swift (Glassbox)
    language: swift
---

# A first visit

```swift
import Plotting
let zebraCrossing = 41
print("one more is \\(zebraCrossing + 1)")
```

```swift
Chart.line(y: [0.9, 0.5, 0.3, 0.2], name: "loss").titled("A curve")
```
"""


class Visit(unittest.TestCase):
    def test_a_first_visit(self):
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir(parents=True)
        before = user_files()
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "visit.md").write_text(NOTEBOOK)
            with Lab(Path(folder, "visit.md")) as lab:
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
                    page = browser.new_page(viewport={"width": 1280, "height": 900})
                    try:
                        self.visit(page, lab.address)
                    except BaseException:
                        page.screenshot(path=PICTURES / "failed.png")
                        raise
                    finally:
                        browser.close()
                lab.interrupt()
                self.assertTrue(wait_until(lambda: lab.process.poll() is not None, 20), "Ctrl-C does not end it")
                self.assertTrue(wait_until(lambda: not lab.left(), 5), lab.left())
        self.assertEqual(user_files(), before, "the user's own Jupyter was changed")

    def test_a_training(self):
        """The curves grow, and charts are drawn, in light and in dark."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ROOT / "Notebooks/digits.md", folder)
            with Lab(Path(folder, "digits.md")) as lab:
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
                    page = browser.new_page(viewport={"width": 1120, "height": 1000})
                    try:
                        self.train(page, lab.address)
                    except BaseException:
                        page.screenshot(path=PICTURES / "failed.png")
                        raise
                    finally:
                        browser.close()
                lab.interrupt()
                self.assertTrue(wait_until(lambda: not lab.left() and lab.process.poll() is not None, 20), lab.left())

    def train(self, page, address):
        page.goto(address)
        cells = page.locator(".jp-CodeCell")
        expect(cells).to_have_count((ROOT / "Notebooks/digits.md").read_text().count("```swift"), timeout=60_000)
        self.wait_for_kernel(page)
        page.locator(".jp-SideBar .lm-TabBar-tab").first.click()  # the list of files takes up the width
        self.choose(page, "Run", "Run All Cells")
        training = cells.filter(has_text="LiveTraining(")
        training.scroll_into_view_if_needed()
        bar = training.locator("[role=progressbar]")
        expect(bar).to_have_attribute("aria-valuenow", "100.0", timeout=60_000)
        for name, text in [("a-digits", "UCIDigits.load"), ("b-network", "LeNet("), ("c-training", "LiveTraining("),
                           ("d-confusion", "ConfusionMatrix("), ("e-mistakes", "let mistakes")]:
            cell = cells.filter(has_text=text).first
            cell.scroll_into_view_if_needed()
            if text != "LeNet(":
                expect(cell.locator(".vega-embed svg").first).to_be_visible(timeout=60_000)
            cell.evaluate("element => element.scrollIntoView({block: 'start'})")
            time.sleep(1)
            page.screenshot(path=PICTURES / f"{name}.png")
        page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Settings$")).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Theme$")).hover()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^JupyterLab Dark$")).click()
        training.evaluate("element => element.scrollIntoView({block: 'start'})")
        time.sleep(2)
        page.screenshot(path=PICTURES / "f-dark.png")
        ink = training.locator(".vega-embed svg text").first.evaluate("element => getComputedStyle(element).fill")
        self.assertGreater(sum(map(int, re.findall(r"\d+", ink)[:3])), 450, f"dark ink on dark paper: {ink}")

    def visit(self, page, address):
        page.goto(address)
        code = page.locator(".jp-CodeCell")
        # Markdown opens as a notebook, not as text.
        expect(code).to_have_count(2, timeout=60_000)
        self.wait_for_kernel(page)
        page.screenshot(path=PICTURES / "1-opened.png")
        self.assertGreater(page.locator(".jp-CodeCell .cm-line span[class*='ͼ']").count(), 3, "Swift is not highlighted")

        self.choose(page, "Run", "Run All Cells")
        expect(code.nth(0).locator(".jp-OutputArea-output")).to_contain_text("one more is 42", timeout=60_000)
        drawn = code.nth(1).locator(".vega-embed svg, .vega-embed canvas")
        expect(drawn.first).to_be_visible(timeout=60_000)
        page.screenshot(path=PICTURES / "2-run.png")

        with self.subTest("completion"):
            cell = self.new_cell(page, "zebraCro")
            time.sleep(0.5)
            page.keyboard.press("Tab")
            # A single completion is put in at once.
            wanted = re.compile("zebraCrossing")
            if not wait_until(lambda: wanted.search(cell.locator(".cm-content").inner_text()), 10):
                page.screenshot(path=PICTURES / "3-completion.png")
                expect(page.locator(".jp-Completer")).to_contain_text(wanted, timeout=1_000)
                page.keyboard.press("Enter")
            expect(cell.locator(".cm-content")).to_contain_text(wanted)
            page.screenshot(path=PICTURES / "3-completed.png")
        with self.subTest("inspection"):
            page.keyboard.press("Shift+Tab")
            expect(page.locator(".jp-Tooltip")).to_contain_text(re.compile(r"\bInt\b", re.IGNORECASE), timeout=20_000)
            page.screenshot(path=PICTURES / "4-inspected.png")
        page.keyboard.press("Escape")

        endless = self.new_cell(page, "while true {}")
        page.keyboard.press("Shift+Enter")
        prompt = endless.locator(".jp-InputPrompt")
        expect(prompt).to_have_text("[*]:", timeout=10_000)
        time.sleep(1)
        self.choose(page, "Kernel", "Interrupt Kernel")
        expect(prompt).not_to_have_text("[*]:", timeout=15_000)
        page.screenshot(path=PICTURES / "5-interrupted.png")

        last = self.new_cell(page, 'print("still \\(zebraCrossing)")')
        page.keyboard.press("Shift+Enter")
        expect(last.locator(".jp-OutputArea-output")).to_contain_text("still 41", timeout=30_000)
        page.screenshot(path=PICTURES / "6-went-on.png")

    def wait_for_kernel(self, page):
        expect(page.locator(".jp-NotebookPanel .jp-Toolbar-kernelName")).to_contain_text("Swift", timeout=60_000)
        status = page.locator(".jp-NotebookPanel .jp-Notebook-ExecutionIndicator")
        expect(status).to_have_attribute("data-status", "idle", timeout=60_000)

    def choose(self, page, menu, item):
        page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{menu}$")).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()

    def new_cell(self, page, text):
        """A cell below all others, with the cursor behind a text."""
        cells = page.locator(".jp-CodeCell")
        count = cells.count()
        last = page.locator(".jp-Notebook .jp-Cell").last
        last.locator(".jp-InputPrompt").click()
        page.keyboard.press("b")
        expect(cells).to_have_count(count + 1)
        page.keyboard.press("Enter")
        page.keyboard.type(text, delay=20)
        return cells.nth(count)


class Lab:
    """`glassbox lab`, as a terminal would have it."""

    def __init__(self, notebook):
        command = [ROOT / ".build/release/glassbox", "lab", notebook, "--no-browser"]
        # JupyterLab takes Ctrl-C well only where its input is a terminal.
        self.terminal, terminal = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=terminal, stdout=subprocess.PIPE, text=True, start_new_session=True)
        os.close(terminal)
        self.seen = set()

    def __enter__(self):
        for line in self.process.stdout:
            if found := re.search(r"address\s+(\S+)", line):
                self.address = found[1]
                break
        else:
            raise RuntimeError("glassbox lab printed no address")
        # Whatever it says later is not waited for.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.wait_for_port(int(re.search(r":(\d+)/", self.address)[1]))
        return self

    def wait_for_port(self, port):
        import socket

        def listens():
            with socket.socket() as trial:
                return trial.connect_ex(("127.0.0.1", port)) == 0

        if not wait_until(listens, 60):
            raise RuntimeError(f"nothing listens on {port}")

    def interrupt(self):
        """Ctrl-C: to all processes of the terminal's group."""
        self.seen |= set(psutil.Process(self.process.pid).children(recursive=True))
        os.killpg(self.process.pid, signal.SIGINT)

    def left(self):
        return [p for p in self.seen if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)
        self.process.stdout.close()
        os.close(self.terminal)


def chromium():
    return next(path for path in map(shutil.which, ("chromium", "chromium-browser")) if path)


def user_files():
    """What of the user's own Jupyter there is, and when it was changed."""
    home = Path.home()
    folders = [home / ".jupyter", home / ".ipython", home / ".local/share/jupyter"]
    return {path: path.stat().st_mtime for folder in folders for path in [folder, *folder.rglob("*")] if path.exists()}


if __name__ == "__main__":
    unittest.main()
