"""What jupyter_kernel_test leaves out: interruptions, restarts, input, crashes, forged messages, and what stays behind."""

import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import psutil
from jupyter_client.session import Session

from kernel import Kernel, replies_within, wait_until


class Cells(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.kernel.__exit__()

    def run_cell(self, code, **options):
        outcome = self.kernel.run(code, **options)
        self.assertEqual(outcome.status, "ok", outcome)
        return outcome

    def test_variables_types_and_functions_last(self):
        self.run_cell("var count = 1\nstruct Point { var x = 1.5 }\nfunc twice(_ n: Int) -> Int { 2 * n }")
        self.run_cell("count += 1")
        self.assertEqual(self.run_cell("twice(count) + Int(2 * Point().x)").result, "7")
        self.run_cell("func twice(_ n: Int) -> Int { 20 * n }")
        self.assertEqual(self.run_cell("twice(count)").result, "40")

    def test_output_stays_in_order(self):
        outcome = self.run_cell('print("a")\ndisplay(HTML("<i>b</i>"))\nprint("c")')
        self.assertEqual(outcome.kinds, ["stream", "display_data", "stream"], outcome)
        self.assertEqual(outcome.stream(), "a\nc\n")

    def test_display_is_updated_in_place(self):
        outcome = self.run_cell('let place = DisplayPlace(showing: "0 %")\nplace.update("50 %")\nplace.update("100 %")')
        places = {m["content"]["transient"]["display_id"] for m in outcome.messages}
        self.assertEqual(len(places), 1, outcome)
        self.assertEqual(outcome.kinds[0], "display_data")
        self.assertEqual(outcome.kinds[-1], "update_display_data")
        self.assertIn("100 %", outcome.messages[-1]["content"]["data"]["text/plain"])

    def test_much_output_arrives_whole(self):
        outcome = self.run_cell("for i in 0..<100_000 { print(i) }")
        self.assertEqual(outcome.stream(), "".join(f"{i}\n" for i in range(100_000)))
        self.assertLess(len(outcome.messages), 20_000, "output is not batched")

    def test_compile_error_shows_the_place(self):
        outcome = self.kernel.run('let fine = 1\nlet number: Int = "text"')
        self.assertEqual(outcome.status, "error", outcome)
        self.assertIn('let number: Int = "text"', outcome.error)
        self.assertIn("^", outcome.error)
        self.assertRegex(outcome.error, r"\b2\b")
        self.assertIn("cannot convert", outcome.error)

    def test_trap_keeps_the_variables(self):
        self.run_cell("let kept = 5")
        outcome = self.kernel.run("print([1, 2][kept])")
        self.assertEqual(outcome.status, "error", outcome)
        self.assertIn("Index out of range", outcome.error + outcome.stream("stderr"))
        self.assertEqual(self.run_cell("kept").result, "5")

    def test_wrong_shapes_are_told(self):
        outcome = self.kernel.run("Tensor.ones([2, 3]).matmul(Tensor.ones([2, 3]))")
        self.assertEqual(outcome.status, "error", outcome)
        self.assertIn("matmul", outcome.error)
        self.assertIn("[2, 3]", outcome.error)

    def test_thrown_error_is_told(self):
        outcome = self.kernel.run("struct Empty: Error { var why = 7 }\nfunc go() throws { throw Empty() }\ntry go()")
        self.assertEqual(outcome.status, "error", outcome)
        self.assertIn("Empty", outcome.error)

    def test_await_works_at_the_top(self):
        self.run_cell("func later() async -> Int { await Task.yield(); return 6 }")
        self.assertEqual(self.run_cell("await later() * 7").result, "42")

    def test_interrupt_keeps_the_variables(self):
        self.run_cell("let before = 11")
        for endless in ["while true {}", "import Foundation\nwhile true { sleep(1000) }"]:
            with self.subTest(endless):
                request = self.kernel.begin(endless)
                time.sleep(0.5)
                begin = time.monotonic()
                self.kernel.manager.interrupt_kernel()
                outcome = self.kernel.finish(request, timeout=20)
                self.assertEqual(outcome.status, "error", outcome)
                self.assertLess(time.monotonic() - begin, 5)
                self.assertEqual(self.run_cell("before").result, "11")

    def test_cells_after_an_error_are_not_run(self):
        client = self.kernel.client
        first, second = client.execute("sleepless()"), client.execute("print(1)")
        self.assertEqual(self.kernel.finish(first).status, "error")
        self.assertEqual(client.get_shell_msg(timeout=20)["content"]["status"], "aborted")
        self.assertTrue(second)

    def test_input_is_asked_for(self):
        client = self.kernel.client
        request = client.execute('print("Name?")\nlet name = readLine() ?? "nobody"\nprint("hello, \\(name)")', allow_stdin=True)
        question = client.get_stdin_msg(timeout=30)
        self.assertEqual(question["msg_type"], "input_request")
        client.input("Ada")
        self.assertIn("hello, Ada", self.kernel.finish(request).stream())

    def test_silent_cells_are_not_counted(self):
        first = self.run_cell("1").reply["execution_count"]
        self.run_cell("2", silent=True)
        self.assertEqual(self.run_cell("3").reply["execution_count"], first + 1)


class Lives(unittest.TestCase):
    def test_restart_forgets(self):
        with Kernel() as kernel:
            self.assertEqual(kernel.run("let secret = 1").status, "ok")
            kernel.manager.restart_kernel()
            kernel.client.wait_for_ready(timeout=60)
            outcome = kernel.run("secret")
            self.assertEqual(outcome.status, "error", outcome)
            self.assertIn("secret", outcome.error)
            self.assertEqual(kernel.run("1 + 1").result, "2")

    def test_shutdown_leaves_no_process(self):
        with Kernel() as kernel:
            kernel.run("1")
            processes = [kernel.process, *kernel.process.children(recursive=True)]
            self.assertGreater(len(processes), 1, "the cells run in the kernel's own process")
            kernel.manager.shutdown_kernel()
            self.assertTrue(wait_until(lambda: not any(running(p) for p in processes), 10), processes)

    def test_killed_kernel_leaves_no_process(self):
        with Kernel() as kernel:
            request = kernel.begin("while true {}")
            self.assertTrue(request)
            children = kernel.process.children(recursive=True)
            self.assertTrue(children)
            os.kill(kernel.process.pid, signal.SIGKILL)
            self.assertTrue(wait_until(lambda: not any(running(p) for p in children), 5), children)

    def test_killed_parent_leaves_no_process(self):
        # As when JupyterLab is killed: nobody tells the kernel to shut down.
        script = "from kernel import Kernel; import time; k = Kernel().__enter__(); k.run('1'); print(k.process.pid, flush=True); time.sleep(99)"
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent) as parent:
            kernel = psutil.Process(int(parent.stdout.readline()))
            processes = [kernel, *kernel.children(recursive=True)]
            parent.kill()
        try:
            self.assertTrue(wait_until(lambda: not any(running(p) for p in processes), 10), processes)
        finally:
            for process in filter(running, processes):
                process.kill()

    def test_killed_host_is_told_and_replaced(self):
        with Kernel() as kernel:
            kernel.run("let number = 3")
            request = kernel.begin("while true {}")
            host = next(p for p in kernel.process.children(recursive=True) if "cell-host" in p.name() or "cell-host" in p.exe())
            host.kill()
            outcome = kernel.finish(request, timeout=30)
            self.assertEqual(outcome.status, "error", outcome)
            self.assertEqual(kernel.run("40 + 2").result, "42")

    def test_forged_messages_are_refused(self):
        with Kernel() as kernel:
            forger = kernel.manager.client()
            forger.session = Session(key=b"another key", signature_scheme="hmac-sha256")
            forger.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
            try:
                forger.execute('print("forged")')
                self.assertIsNone(replies_within(forger, 2))
            finally:
                forger.stop_channels()
            outcome = kernel.run("1 + 1")
            self.assertEqual(outcome.result, "2")
            self.assertNotIn("forged", repr(outcome))

    def test_two_kernels_at_once(self):
        with Kernel() as one, Kernel() as other:
            one.run("let own = 1")
            other.run("let own = 2")
            self.assertEqual((one.run("own").result, other.run("own").result), ("1", "2"))


def running(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if __name__ == "__main__":
    unittest.main()
