"""A real Jupyter server of our own: its own folders, its own settings, its own end.

Nothing of the person who runs the tests is read or changed: configuration, data, runtime files, IPython's
profile and JupyterLab's settings all live in one temporary folder.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError

START = 60.0
STOP = 20.0
SETTINGS: dict[str, dict[str, object]] = {
    # off-screen cells stay in the page, so that a test finds them
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "apputils-extension/themes": {"adaptive-theme": False, "theme": "JupyterLab Light"},
}


class JupyterServer:
    """`jupyter lab` as a child process; `stop` ends that process, which ends its kernels."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.notebooks = home / "notebooks"
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self.log = home / "server.log"
        self._process = self._start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self, seconds: float = START) -> None:
        """Ask until it answers, or tell what it printed."""
        deadline = time.monotonic() + seconds
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"expected JupyterLab at {self.url}, got:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """A polite end first: it shuts its kernels down."""
        self._process.terminate()
        try:
            self._process.wait(STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self.notebooks.mkdir(parents=True)
        write_settings(self.home / "settings")
        options = [
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            f"--port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.notebooks}",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "jupyterlab", *options]
            return subprocess.Popen(command, env=private(self.home), stdout=log, stderr=subprocess.STDOUT)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/status?token={self.token}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def free_port() -> int:
    """One that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def write_settings(folder: Path) -> None:
    """JupyterLab's user settings, as its settings editor would store them."""
    for name, values in SETTINGS.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


def private(home: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment with every Jupyter folder moved below `home`; the kernel is this interpreter's own."""
    inherited = {name: value for name, value in environ.items() if not name.startswith(("JUPYTER", "PYTEST"))}
    folders = {
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    moved = {name: str(home / folder) for name, folder in folders.items()}
    return {**inherited, **moved, "JUPYTER_PREFER_ENV_PATH": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
