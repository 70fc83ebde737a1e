"""What a long run says meanwhile, on stderr: the row, of how many, and the time that is left."""

import statistics
import sys
import time
from contextlib import contextmanager


class Progress:
    """Rows are networks or operations, which take very different times: what is left is estimated apart."""

    # Seconds, until a row of the kind has been seen.
    GUESSES = {True: 45, False: 3}

    def __init__(self, kinds):
        """`kinds` says of each row that is to come whether it is a network."""
        self.left = {kind: kinds.count(kind) for kind in self.GUESSES}
        self.spent = {kind: [] for kind in self.GUESSES}
        self.index, self.count = 0, len(kinds)

    @contextmanager
    def row(self, name, is_network):
        self.index += 1
        minutes, seconds = divmod(round(self.seconds_left()), 60)
        print(f"{self.index} of {self.count}, {minutes}:{seconds:02} left, {name}", file=sys.stderr, flush=True)
        start = time.monotonic()
        yield
        self.spent[is_network].append(time.monotonic() - start)
        self.left[is_network] -= 1

    def seconds_left(self):
        return sum(
            count * (statistics.mean(self.spent[kind]) if self.spent[kind] else self.GUESSES[kind])
            for kind, count in self.left.items())
