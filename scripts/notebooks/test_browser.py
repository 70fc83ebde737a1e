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
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import expect, sync_playwright

from kernel import wait_until

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / ".lab/pictures"
SETTINGS = ROOT / ".lab/config/lab"
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
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir(parents=True)

    def open(self, name, text, visit, width):
        """Has JupyterLab open a notebook in a folder of its own, and a browser visit it. Settings stay as they were."""
        with tempfile.TemporaryDirectory() as folder, kept(SETTINGS):
            file = Path(folder, name)
            file.write_text(text)
            with Lab(file) as lab:
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
                    page = browser.new_page(viewport={"width": width, "height": 1000})
                    try:
                        page.goto(lab.address)
                        # Markdown opens as a notebook, not as text.
                        expect(page.locator(".jp-CodeCell")).to_have_count(text.count("```swift"), timeout=60_000)
                        self.wait_for_kernel(page)
                        visit(page)
                    except BaseException:
                        page.screenshot(path=PICTURES / "failed.png")
                        raise
                    finally:
                        browser.close()
                lab.interrupt()
                self.assertTrue(wait_until(lambda: lab.process.poll() is not None, 20), "Ctrl-C does not end it")
                self.assertTrue(wait_until(lambda: not lab.left(), 5), lab.left())

    def test_a_first_visit(self):
        before = user_files()
        self.open("visit.md", NOTEBOOK, self.visit, width=1280)
        self.assertEqual(user_files(), before, "the user's own Jupyter was changed")

    def test_a_training(self):
        """The curves grow, and charts are drawn, in light and in dark."""
        self.open("digits.md", (ROOT / "Notebooks/digits.md").read_text(), self.train, width=1120)

    def test_crashes(self):
        """Cells that are to fail do not end a run of all."""
        self.open("crashes.md", (ROOT / "Notebooks/crashes.md").read_text(), self.crash, width=1120)

    def train(self, page):
        cells = page.locator(".jp-CodeCell")
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

    def crash(self, page):
        cells = page.locator(".jp-CodeCell")
        page.locator(".jp-SideBar .lm-TabBar-tab").first.click()
        self.choose(page, "Run", "Run All Cells")
        expect(cells.last.locator(".jp-OutputArea-output")).to_contain_text("still here after 11", timeout=120_000)
        page.locator("h2", has_text="A shape mistake").evaluate("element => element.scrollIntoView({block: 'start'})")
        time.sleep(1)
        page.screenshot(path=PICTURES / "g-crashes.png")

    def visit(self, page):
        code = page.locator(".jp-CodeCell")
        page.screenshot(path=PICTURES / "1-opened.png")
        self.assertGreater(page.locator(".jp-CodeCell .cm-line span[class*='ͼ']").count(), 3, "Swift is not highlighted")

        self.choose(page, "Run", "Run All Cells")
        expect(code.nth(0).locator(".jp-OutputArea-output")).to_contain_text("one more is 42", timeout=60_000)
        drawn = code.nth(1).locator(".vega-embed svg, .vega-embed canvas")
        expect(drawn.first).to_be_visible(timeout=60_000)
        page.screenshot(path=PICTURES / "2-run.png")

        with self.subTest("completion"):
            cell = self.new_cell(page, "zebraCro")
            text, list = cell.locator(".cm-content"), page.locator(".jp-Completer")
            # A single completion is put in at once. On a machine that is busy, the language server may miss its time.
            self.repeat(page, "Tab", lambda: "zebraCrossing" in text.inner_text() + list.inner_text())
            if "zebraCrossing" not in text.inner_text():
                page.screenshot(path=PICTURES / "3-completion.png")
                page.keyboard.press("Enter")
            expect(text).to_contain_text("zebraCrossing")
            page.screenshot(path=PICTURES / "3-completed.png")
        with self.subTest("inspection"):
            tooltip = page.locator(".jp-Tooltip")
            self.repeat(page, "Shift+Tab", lambda: tooltip.count() and re.search(r"\bInt\b", tooltip.inner_text()))
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

    def repeat(self, page, key, condition):
        """Presses a key until it has worked, a few times."""
        for _ in range(5):
            page.keyboard.press(key)
            if wait_until(condition, 6):
                return
        self.fail(f"{key} shows nothing")

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


@contextmanager
def kept(folder):
    """Puts a folder back as it was."""
    with tempfile.TemporaryDirectory() as copies:
        copy = Path(copies, "copy")
        if folder.exists():
            shutil.copytree(folder, copy)
        try:
            yield
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if copy.exists():
                shutil.copytree(copy, folder)


def chromium():
    return next(path for path in map(shutil.which, ("chromium", "chromium-browser")) if path)


def user_files():
    """What of the user's own Jupyter there is, and when it was changed."""
    home = Path.home()
    folders = [home / ".jupyter", home / ".ipython", home / ".local/share/jupyter"]
    return {path: path.stat().st_mtime for folder in folders for path in [folder, *folder.rglob("*")] if path.exists()}


if __name__ == "__main__":
    unittest.main()
