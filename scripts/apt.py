"""Debian's packages, for the little that pip cannot bring; only where we may install without being asked."""

from __future__ import annotations

import os
import shutil
import subprocess

from scripts.project import must


def _sudo() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


def is_usable() -> bool:
    """A Debian-like system, as root or with a sudo that asks no password."""
    if not shutil.which("apt-get"):
        return False
    return os.geteuid() == 0 or (bool(shutil.which("sudo")) and not subprocess.call(["sudo", "-n", "true"]))


def install(*packages: str) -> None:
    """Fresh lists first: a new machine has none."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    get = [*_sudo(), "apt-get", "-qq"]
    must([*get, "update"], "check the network and apt's sources, then repeat", quiet)
    words = [*get, "install", "-y", "--no-install-recommends", *packages]
    must(words, f"install {', '.join(packages)} by hand, then repeat", quiet)
