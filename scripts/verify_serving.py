"""Models served by `glassbox serve`, and their pages in Chromium: digits are drawn by mouse and by keyboard, in light and in dark, a review is typed, a text
is continued. The models of texts learn from a few sentences of our own, in seconds."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / ".lab/pictures/serving"
GLASSBOX = ROOT / ".build/release/glassbox"

# Strokes as people make them, in a square from 0 to 1.
DIGITS = {
    "0": [[(0.50, 0.15), (0.34, 0.24), (0.28, 0.50), (0.34, 0.76), (0.50, 0.85), (0.66, 0.76), (0.72, 0.50), (0.66, 0.24), (0.50, 0.15)]],
    "1": [[(0.40, 0.30), (0.53, 0.15), (0.53, 0.85)]],
    "2": [[(0.30, 0.30), (0.40, 0.16), (0.60, 0.16), (0.68, 0.32), (0.58, 0.52), (0.30, 0.83), (0.72, 0.83)]],
    "3": [[(0.32, 0.20), (0.52, 0.14), (0.66, 0.25), (0.62, 0.42), (0.46, 0.49), (0.64, 0.56), (0.69, 0.72), (0.54, 0.86), (0.32, 0.80)]],
    "4": [[(0.56, 0.15), (0.30, 0.58), (0.74, 0.58)], [(0.60, 0.38), (0.58, 0.86)]],
    "7": [[(0.28, 0.17), (0.72, 0.17), (0.46, 0.86)], [(0.42, 0.52), (0.72, 0.52)]],
}


class ServedModel(unittest.TestCase):
    """What all pages have: a model is trained and served, and Chromium is there."""

    @classmethod
    def training(cls, folder):
        """The arguments of `glassbox train`, and the title of the page."""
        raise unittest.SkipTest("no model of its own")

    @classmethod
    def setUpClass(cls):
        PICTURES.mkdir(parents=True, exist_ok=True)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        arguments, cls.title = cls.training(Path(cls.folder.name))
        run = Path(cls.folder.name, "run")
        subprocess.run(
            [GLASSBOX, "train", *arguments, "--seed", "1", "--output", run], check=True, stdout=subprocess.DEVNULL)
        cls.server = subprocess.Popen([GLASSBOX, "serve", run, "--port", "0"], stdout=subprocess.PIPE, text=True)
        for line in cls.server.stdout:
            if found := re.search(r"address\s+(\S+)", line):
                cls.address = found[1]
                break
        cls.playwright = sync_playwright().start()
        program = next(path for path in map(shutil.which, ("chromium", "chromium-browser")) if path)
        cls.browser = cls.playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.server.terminate()
        status = cls.server.wait(30)
        cls.server.stdout.close()
        assert status == 0, f"the server ended with {status}"

    def open(self, tolerates="nothing", **options):
        page = self.browser.new_page(**{"viewport": {"width": 1000, "height": 760}, **options})
        self.addCleanup(page.close)
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" and tolerates not in message.text else None)
        self.addCleanup(lambda: self.assertEqual(errors, []))
        page.goto(self.address)
        expect(page.locator("#title")).to_have_text(self.title)
        return page


class Digits(ServedModel):
    @classmethod
    def training(cls, folder):
        return ["digits", "--model", "lenet"], "Draw a digit"

    def draw(self, page, strokes):
        box = page.locator("#board").bounding_box()
        for stroke in strokes:
            points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
            page.mouse.move(*points[0])
            page.mouse.down()
            for point in points[1:]:
                page.mouse.move(*point, steps=6)
            page.mouse.up()

    def test_digits_are_recognised(self):
        page = self.open()
        for digit, strokes in DIGITS.items():
            with self.subTest(digit):
                self.draw(page, strokes)
                expect(page.locator("#verdict")).to_have_text(digit, timeout=5000)
                widths = page.locator(".bars .bar").evaluate_all("bars => bars.map(bar => parseFloat(bar.style.width))")
                self.assertEqual(len(widths), 10)
                self.assertAlmostEqual(sum(widths), 100, delta=0.1)
                self.assertEqual(max(widths), widths[int(digit)])
                page.screenshot(path=PICTURES / f"{digit}.png")
                page.locator("#clear").click()
                expect(page.locator("#verdict")).to_have_count(0)

    def test_a_keyboard_is_enough(self):
        page = self.open(color_scheme="dark")
        page.locator("#board").focus()
        for key, count in [("ArrowUp", 12), (" ", 1), ("ArrowDown", 24), (" ", 1)]:
            for _ in range(count):
                page.keyboard.press(key)
        expect(page.locator("#verdict")).to_have_text("1", timeout=5000)
        page.screenshot(path=PICTURES / "dark.png")
        page.keyboard.press("Delete")
        expect(page.locator("#verdict")).to_have_count(0)

    def test_a_file_is_recognised_on_a_small_screen(self):
        page = self.open(viewport={"width": 390, "height": 900})
        picture = PICTURES / "file.png"
        self.draw(page, DIGITS["3"])
        expect(page.locator("#verdict")).to_have_text("3", timeout=5000)
        page.screenshot(path=PICTURES / "small.png", full_page=True)
        # What the model got, as a file.
        page.locator("canvas.seen").screenshot(path=picture)
        page.locator("#clear").click()
        page.locator("#file").set_input_files(picture)
        expect(page.locator("#verdict")).to_be_visible(timeout=5000)

    def test_problems_are_told(self):
        page = self.open(tolerates="503")
        page.route("**/predict*", lambda route: route.fulfill(status=503, json={"error": "256 requests wait already."}))
        self.draw(page, DIGITS["1"])
        expect(page.locator(".problem")).to_have_text("256 requests wait already.", timeout=5000)

    def test_metrics_are_there(self):
        with urllib.request.urlopen(self.address + "metrics") as response:
            self.assertIn("glassbox_requests_total", response.read().decode())
        with urllib.request.urlopen(self.address + "model") as response:
            self.assertEqual(json.load(response)["classes"], [str(digit) for digit in range(10)])


class Reviews(ServedModel):
    @classmethod
    def training(cls, folder):
        rows = ["review,verdict"]
        for thing in ["film", "story", "music", "cast", "light", "plot", "end", "play"]:
            for good, bad in [("fine", "dull"), ("great", "awful"), ("lovely", "boring")]:
                rows += [f"the {thing} is {good},good", f"a {bad} {thing} indeed,bad", f"not {bad} this {thing},good", f"the {thing} is not {good},bad"]
        table = folder / "reviews.csv"
        table.write_text("\n".join(rows) + "\n")
        return ["sentiment", table, "--text", "review", "--target", "verdict", "--epochs", "20", "--learning-rate", "0.02"], "Type a text"

    def test_a_review_is_judged_as_it_is_typed(self):
        page = self.open()
        for text, verdict in [("the music is great", "good"), ("a boring plot indeed", "bad"), ("the film is not great", "bad")]:
            page.locator("#text").fill("")
            page.locator("#text").type(text)
            expect(page.locator("#verdict")).to_have_text(verdict, timeout=5000)
            self.assertEqual(page.locator(".bars .bar").count(), 2)
        page.screenshot(path=PICTURES / "review.png")


class Story(ServedModel):
    @classmethod
    def training(cls, folder):
        text = folder / "rhyme.txt"
        text.write_text("one for sorrow, two for joy, three for a girl, four for a boy.\n" * 200)
        sizes = ["--blocks", "1", "--width", "32", "--heads", "2", "--context", "32"]
        return ["text", text, "--epochs", "6", "--batch-size", "16", "--learning-rate", "0.01", *sizes], "Begin a text"

    def test_a_text_is_continued(self):
        page = self.open(color_scheme="dark")
        page.locator("#text").fill("one for sorrow, ")
        page.locator("#count").fill("60")
        page.locator("#temperature").fill("0")
        page.locator("#go").click()
        expect(page.locator("#story")).to_contain_text("two for joy, three for a girl", timeout=10000)
        expect(page.locator("#end")).to_contain_text("60 tokens")
        expect(page.locator(".bars .bar")).not_to_have_count(0, timeout=5000)
        page.screenshot(path=PICTURES / "story.png")


if __name__ == "__main__":
    shutil.rmtree(PICTURES, ignore_errors=True)
    unittest.main(argv=[sys.argv[0], "--verbose"])
