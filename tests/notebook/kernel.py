"""A real kernel, driven as a front end drives it: run a cell, get what it printed below that cell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from jupyter_client.manager import start_new_kernel

__all__ = ["Kernel", "a_kernel"]


class Kernel:
    """Cells in, text out."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, code: str, expect: str = "", seconds: float = 20) -> str:
        """Run a cell; the text below it: streams, results and errors. Wait for `expect` to be in it too."""
        ours = self._client.execute(code)
        text, idle, until = "", False, monotonic() + seconds
        while not idle or expect not in text:
            if monotonic() > until:
                raise TimeoutError(f"{expect!r} did not come below the cell; there is: {text!r}")
            message = self._next()
            if message is None or message["parent_header"].get("msg_id") != ours:
                continue
            content = message["content"]
            idle = idle or content.get("execution_state") == "idle"
            text += content.get("text", "") + content.get("data", {}).get("text/plain", "")
            text += "\n".join(content.get("traceback", ()))
        return text

    def watch(self, code: str, expect: str, seconds: float = 20) -> str:
        """Run a cell; all text that comes below any cell until `expect` is in it."""
        self._client.execute(code)
        text, until = "", monotonic() + seconds
        while expect not in text:
            if monotonic() > until:
                raise TimeoutError(f"{expect!r} did not come; there is: {text!r}")
            message = self._next()
            if message is not None:
                content = message["content"]
                text += content.get("text", "") + content.get("data", {}).get("text/plain", "")
        return text

    def _next(self) -> Any:
        from queue import Empty

        try:
            return self._client.get_iopub_msg(timeout=0.5)
        except Empty:
            return None


@contextmanager
def a_kernel(folder: Path) -> Iterator[Kernel]:
    """Start a kernel in `folder`, with the extension loaded; it is gone afterwards."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))
    kernel = Kernel(client)
    try:
        kernel.run("%load_ext actorbook\nimport actorbook as ab")
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
