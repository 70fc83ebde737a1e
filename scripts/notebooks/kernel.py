"""A running kernel, as a client of it sees it."""

import re
import time
from queue import Empty

import psutil
from jupyter_client.manager import start_new_kernel

NAME = "glassbox"


class Kernel:
    """The kernel in a process of its own; `with` ends it."""

    def __enter__(self):
        self.manager, self.client = start_new_kernel(kernel_name=NAME, startup_timeout=60)
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)

    @property
    def process(self):
        return psutil.Process(self.manager.provisioner.pid)

    def begin(self, code, **options):
        """Sends a cell, and waits until the kernel is at it."""
        request = self.client.execute(code, **options)
        while True:
            message = self.client.get_iopub_msg(timeout=30)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "execute_input":
                return request

    def finish(self, request, timeout=60):
        """The reply to a cell, and all that it showed."""
        deadline = time.monotonic() + timeout
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.1, deadline - time.monotonic()))
            if reply["parent_header"].get("msg_id") == request:
                break
        shown = []
        while True:
            message = self.client.get_iopub_msg(timeout=10)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return Outcome(reply["content"], shown)
            if message["msg_type"] not in ("status", "execute_input"):
                shown.append(message)

    def run(self, code, timeout=60, **options):
        return self.finish(self.client.execute(code, **options), timeout)


class Outcome:
    """What came of a cell."""

    def __init__(self, reply, messages):
        self.reply, self.messages = reply, messages

    @property
    def status(self):
        return self.reply["status"]

    def stream(self, name="stdout"):
        parts = [m["content"] for m in self.messages if m["msg_type"] == "stream"]
        return "".join(part["text"] for part in parts if part["name"] == name)

    @property
    def result(self):
        return next((m["content"]["data"]["text/plain"] for m in self.messages if m["msg_type"] == "execute_result"), None)

    @property
    def error(self):
        """All that is said of an error, without colours."""
        said = [self.reply.get("ename", ""), self.reply.get("evalue", ""), *self.reply.get("traceback", [])]
        return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(said))

    @property
    def kinds(self):
        return [message["msg_type"] for message in self.messages]

    def __repr__(self):
        return f"{self.reply} after {[(m['msg_type'], m['content']) for m in self.messages]}"


def wait_until(condition, seconds):
    """Whether something comes to hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def replies_within(client, seconds):
    """Whatever a client is answered on its shell channel."""
    try:
        return client.get_shell_msg(timeout=seconds)
    except Empty:
        return None
