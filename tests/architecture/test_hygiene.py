"""What is published names no machine and no registry's host, and carries one version."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from actorbook._version import __version__

ROOT = Path(__file__).parents[2]
HOMES = ("work", "root", r"home/\w+", r"Users/\w+")
HOSTS = (r"pypi\.", r"files\.pythonhosted\.", r"registry\.npmjs\.", r"registry\.yarnpkg\.", r"deb\.debian\.")
LOCAL = re.compile(rf"(?<![\w.~/-])/(?:{'|'.join(HOMES)})/")
REGISTRY = re.compile(rf"\b(?:{'|'.join(HOSTS)})(?:org|com)\b")


def published(root: Path) -> list[Path]:
    """Files in git, and those that would be: new ones that nothing ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    return [root / name for name in sorted(set(filter(None, names))) if (root / name).is_file()]


def mentions(files: Iterable[Path], pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern occurs in text files; pictures and archives are not text."""
    found = []
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{path.name}:{n}: {line.strip()[:80]}" for n, line in enumerate(lines, 1) if pattern.search(line)]
    return found


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert mentions(published(ROOT), LOCAL) == []


def test_no_file_names_a_registrys_host() -> None:
    assert mentions(published(ROOT), REGISTRY) == []


def test_planted_paths_and_hosts_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "planted.txt"
    path.write_text("\n".join(["see " + "/" + home for home in ("root/x", "home/me/x", "Users/me/x", "work/x")]))
    host = tmp_path / "host.txt"
    host.write_text("https://" + "pypi" + ".org/simple and " + "registry.npmjs" + ".org")

    assert len(mentions([path], LOCAL)) == 4
    assert len(mentions([host], REGISTRY)) == 1


def test_urls_that_merely_contain_such_words_are_free(tmp_path: Path) -> None:
    path = tmp_path / "free.txt"
    path.write_text("https://example.com/work/x  ~/work/x  docs/work/x  /homework/x")

    assert mentions([path], LOCAL) == []


def test_python_and_javascript_carry_one_version() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))

    assert {package["version"], lock["version"]} == {__version__}


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
