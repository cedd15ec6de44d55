"""A cell that defines a class again, in a real kernel: its actors run the new code, and the cell says so."""

from __future__ import annotations

from pathlib import Path

from tests.notebook.kernel import a_kernel

COUNTER = """
class Counter(ab.GenServer):
    def init(self, n=0):
        self.n = n
    @ab.call
    def add(self, k):
        self.n += k
        return self.n
    @ab.cast
    def crash(self):
        raise RuntimeError("boom")
"""
START = """
sup = await ab.Supervisor.start([Counter.child_spec(1, id=x, name=x) for x in "ab"])
print(await ab.whereis("a").add(1))
"""
TIMES_TEN = COUNTER.replace("self.n += k", "self.n += 10 * k")


def test_running_the_cell_again_upgrades_live_actors_and_says_so_below_it(tmp_path: Path) -> None:
    with a_kernel(tmp_path) as kernel:
        kernel.run(COUNTER)
        assert kernel.run(START) == "2\n"
        said = kernel.run(TIMES_TEN + "print(await ab.whereis('a').add(1))", expect="new code")
        assert "12\n" in said
        assert "Counter: 2 live processes run the new code" in said

        failing = COUNTER + "    def code_change(self, old):\n        raise ValueError('no way back')\n"
        said = kernel.run(failing, expect="stay")
        assert (
            said.count("code_change of Counter failed with ValueError: no way back; the old code and state stay") == 1
        )
        assert kernel.run("await ab.whereis('a').add(1)") == "22"

        kernel.run("ab.whereis('a').crash()\nawait ab.sleep(0.1)")
        assert kernel.run("await ab.whereis('a').add(1)") == "2"  # the supervisor starts the newest code


def test_autoreload_upgrades_the_actors_of_a_module(tmp_path: Path) -> None:
    module = tmp_path / "counters.py"
    module.write_text("import actorbook as ab\n" + COUNTER)
    with a_kernel(tmp_path) as kernel:
        kernel.run("%load_ext autoreload\n%autoreload 2\nimport sys; sys.dont_write_bytecode = True")
        kernel.run("from counters import Counter")
        assert kernel.run(START) == "2\n"

        migrate = "    def code_change(self, old):\n        self.n = old.n + 100\n"
        _save(module, "import actorbook as ab\n" + TIMES_TEN + migrate)
        said = kernel.run("print(await ab.whereis('a').add(1))", expect="new code")
        assert sorted(said.splitlines()) == ["112", "Counter: 2 live processes run the new code"]
        assert kernel.run("await ab.whereis('a').add(1)") == "122"

        _save(module, "import actorbook as ab\n" + COUNTER + migrate.replace("old.n", "old.m"))
        assert "132" in kernel.run("print(await ab.whereis('a').add(1))", expect="the old code and state stay")
        assert kernel.run("await ab.whereis('a').add(1)") == "142"


def _save(module: Path, text: str) -> None:
    """With a time stamp that the reloader takes for a change, however coarse the file system's clock."""
    from os import utime

    later = module.stat().st_mtime + 10
    module.write_text(text)
    utime(module, (later, later))
