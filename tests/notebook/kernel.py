"""A real kernel, driven as a front end drives it: run a cell, get what it printed below that cell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from jupyter_client.manager import start_new_kernel

__all__ = ["Kernel", "a_kernel"]


class Kernel:
    """Cells in, text out."""

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager = manager
        self._client = client
        self._texts: dict[str, str] = {}
        self._idle: set[str] = set()

    def run(self, code: str, expect: str = "", seconds: float = 20) -> str:
        """Run a cell; the text below it: streams, results and errors. Wait for `expect` to be in it too."""
        return self.wait(self.start(code), expect, seconds)

    def start(self, code: str) -> str:
        """Run a cell and do not wait for it; what it is called here."""
        cell: str = self._client.execute(code)
        return cell

    def wait(self, cell: str, expect: str = "", seconds: float = 20) -> str:
        """Wait until a cell is through and `expect` is in the text below it; the text."""
        self._read_until(lambda: cell in self._idle and expect in self.text(cell), seconds, expect, cell)
        return self.text(cell)

    def wait_for(self, cell: str, expect: str, seconds: float = 20) -> str:
        """Wait until `expect` is in the text below a cell, be it through or not; the text."""
        self._read_until(lambda: expect in self.text(cell), seconds, expect, cell)
        return self.text(cell)

    def text(self, cell: str) -> str:
        """What has come so far."""
        return self._texts.get(cell, "")

    def watch(self, code: str, expect: str, seconds: float = 20) -> str:
        """Run a cell; what comes below any cell, older ones too, until `expect` is in it."""
        before = {cell: len(text) for cell, text in self._texts.items()}
        self.start(code)

        def news() -> str:
            return "".join(text[before.get(cell, 0) :] for cell, text in self._texts.items())

        self._read_until(lambda: expect in news(), seconds, expect, "")
        return news()

    def interrupt(self) -> None:
        """What the notebook's square button does."""
        self._manager.interrupt_kernel()

    def interrupt_until(self, cell: str, expect: str) -> str:
        """Press it while something holds the loop up, until the cell has its turn and `expect` is below it."""
        for _ in range(10):
            with suppress(TimeoutError):
                return self.wait(cell, expect, 0.7)
            self.interrupt()
        return self.wait(cell, expect)

    def seconds_of_reply(self, cell: str = "", completion: str = "") -> float:
        """How long the kernel takes to answer a cell, or a request for completions."""
        began = monotonic()
        asked = self._client.execute(cell) if cell else self._client.complete(completion, len(completion))
        while self._client.get_shell_msg(timeout=20)["parent_header"].get("msg_id") != asked:
            pass
        return monotonic() - began

    def _read_until(self, done: Any, seconds: float, expect: str, cell: str) -> None:
        until = monotonic() + seconds
        while not done():
            if monotonic() > until:
                raise TimeoutError(f"{expect!r} did not come below the cell; there is: {self.text(cell)!r}")
            self._read()

    def _read(self) -> None:
        try:
            message = self._client.get_iopub_msg(timeout=0.1)
        except Empty:
            return
        cell, content = message["parent_header"].get("msg_id"), message["content"]
        if content.get("execution_state") == "idle":
            self._idle.add(cell)
        text = content.get("text", "") + content.get("data", {}).get("text/plain", "")
        text += "\n".join(content.get("traceback", ()))
        self._texts[cell] = self.text(cell) + text


@contextmanager
def a_kernel(folder: Path) -> Iterator[Kernel]:
    """Start a kernel in `folder`, with the extension loaded; it is gone afterwards."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))
    kernel = Kernel(manager, client)
    try:
        kernel.run("%load_ext actorbook\nimport actorbook as ab")
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
