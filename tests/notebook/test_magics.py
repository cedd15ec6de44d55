"""`%actor` in an IPython shell on a running loop: what each command answers, and one clear line when it cannot."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from actorbook.notebook import extension
from actorbook.notebook.completion import candidates, complete_actor

SHOP = """
import actorbook as ab
class Counter(ab.GenServer):
    def init(self, start=0):
        self.n = start
    @ab.call
    def add(self, k):
        self.n += k
        return self.n
    @ab.cast
    def crash(self):
        raise RuntimeError("boom")
    @ab.cast
    def say(self, text):
        print(text)
    def handle_info(self, message):
        pass
children = [Counter.child_spec(10, id="a", name="a"), Counter.child_spec(id="b", name="b c")]
shop = await ab.Supervisor.start(children, name="shop")
"""
LAMP = """
class Lamp(ab.GenStateMachine):
    def init(self):
        self.watts = 40
        return "off"
    @ab.cast
    def flip(self): ...
    def off(self, event):
        return ab.statem.NextState("on")
    def on(self, event):
        return ab.statem.NextState("off")
lamp = await Lamp.start(name="lamp")
"""


class Shell:
    """A shell whose cells are awaited."""

    def __init__(self) -> None:
        self.ip = InteractiveShell.instance()

    async def run(self, code: str) -> Any:
        result = await self.ip.run_cell_async(code, transformed_cell=self.ip.transform_cell(code))
        result.raise_error()
        return result.result

    def actor(self, line: str) -> Any:
        return self.ip.run_line_magic("actor", line)


@pytest.fixture
def ipython(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[None]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    yield
    InteractiveShell.clear_instance()


def in_shell(body: Any) -> Any:
    """Run `body(shell)` with the extension loaded and the shop open; unload it whatever happens."""

    def test(ipython: None, capsys: pytest.CaptureFixture[str]) -> None:
        async def main() -> None:
            shell = Shell()
            await shell.run("%load_ext actorbook")
            try:
                await shell.run(SHOP)
                await body(shell)
            finally:
                extension.unload(shell.ip)
                await asyncio.sleep(0.01)
            assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

        asyncio.run(main())

    test.__name__ = body.__name__
    return test


@in_shell
async def test_without_a_command_it_lists_them(shell: Shell) -> None:
    assert "%actor kill P [--reason R]" in repr(shell.actor(""))


@in_shell
async def test_ps_info_state_names_and_mailbox_show_what_there_is(shell: Shell) -> None:
    assert [row[1] for row in shell.actor("ps").rows] == ["", "shop", "a", "b c"]
    assert ("class", "Counter") in shell.actor("info a").rows
    assert shell.actor("state a") == "n = 10"
    assert [row[0] for row in shell.actor("names").rows] == ["a", "b c", "shop"]
    shell.actor("suspend 'b c'")
    shell.actor("send 'b c' ('x', 1)")
    assert shell.actor("mailbox 'b c'").rows == [(1, "tuple", "('x', 1)")]
    assert "1 messages" in shell.actor("resume 'b c'")


@in_shell
async def test_state_and_info_of_a_state_machine_show_its_graph(shell: Shell) -> None:
    await shell.run(LAMP)
    shell.actor("cast lamp flip")
    await asyncio.sleep(0.01)
    drawn = "Lamp\n  ○ off\n    └─ flip ×1 → on  ◀ last\n  ● on\n    └─ → off"

    assert repr(shell.actor("state lamp")) == f"current_state = 'on'\nwatts = 40\n\n{drawn}"
    info = shell.actor("info lamp")
    assert repr(info).endswith(f"\n\n{drawn}")
    assert f"</table><pre>{drawn}</pre>" in info._repr_html_()
    assert shell.actor("info a").note == ""


@in_shell
async def test_a_call_returns_a_handle_that_can_be_awaited(shell: Shell) -> None:
    handle = shell.actor("call a add 5")
    assert "waiting" in repr(handle)
    assert await handle == 15
    assert repr(handle).endswith("→ 15")
    shell.ip.user_ns["k"] = 2
    assert await shell.actor("call a add k*10") == 35
    assert await shell.actor("call a add k=1") == 36


@in_shell
async def test_a_cast_and_a_kill_are_seen_in_the_events(shell: Shell) -> None:
    shell.actor("cast a crash")
    await asyncio.sleep(0.01)
    assert "ended with ('shutdown', 1)" in shell.actor("kill 'b c' --reason '(\"shutdown\", 1)'")
    await asyncio.sleep(0.01)

    kinds = [row[2] for row in shell.actor("events --last 50").rows]
    assert kinds.count("restarted") == 2
    assert {"crashed", "killed", "exited"} <= set(kinds)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("frob", "unknown command; expected one of tree, ps"),
        ("kill nobody", "no process 'nobody'; expected a name, a pid"),
        ("kill", "expected a process"),
        ("info <nb.999>", "no process '<nb.999>'"),
        ("call a nope", "'a' has no method 'nope'; there are: add, crash, say"),
        ("call a crash", "marked as a cast; use %actor cast"),
        ("call a add", "missing a required argument: 'k'"),
        ("call a", "a method is missing"),
        ("call a add nope", "'nope' raised NameError"),
        ("send a 1 +", "expected a Python expression, got '1 +'"),
        ("send a", "a message, as a Python expression is missing"),
        ("events --last x", "invalid int value: 'x'"),
        ("ps --sort size", "invalid choice: 'size'"),
        ("tree shpo", "did you mean 'shop'?"),
        ("state 'a", "no process"),
    ],
)
def test_bad_arguments_give_one_clear_line(line: str, said: str, ipython: None) -> None:
    async def main() -> None:
        shell = Shell()
        extension.load(shell.ip)
        try:
            await shell.run(SHOP)
            with pytest.raises(UsageError) as error:
                shell.actor(line) if line != "state 'a" else shell.actor("state 'q")
            assert said in str(error.value)
            assert "\n" not in str(error.value)
            assert await shell.actor("call a add 1") == 11
        finally:
            extension.unload(shell.ip)

    asyncio.run(main())


@in_shell
async def test_completion_knows_commands_names_and_methods_and_nothing_else(shell: Shell) -> None:
    node = extension.current_session().node
    assert "mailbox" in candidates([], node, {})
    assert candidates(["kill"], node, {}) == ["shop", "a", '"b c"']
    assert candidates(["call", "a"], node, {}) == ["add"]
    assert candidates(["cast", "a"], node, {}) == ["crash", "say"]
    assert candidates(["ps", "--sort"], node, {})[0] == "mailbox"
    assert candidates(["frob"], node, {}) == []


@in_shell
async def test_output_of_a_process_goes_to_the_log_and_the_shells_passes(shell: Shell) -> None:
    stream = sys.stdout
    assert hasattr(stream, "_stream")
    caught = stream._stream = io.StringIO()
    await shell.run("print('from the shell')\nab.whereis('a').say('from a process')\nawait ab.sleep(0.01)")

    assert caught.getvalue().splitlines() == ["from the shell", "a │ from a process"]  # the console names the writer
    assert [row[5] for row in shell.actor("events").rows if row[2] == "output"] == ["from a process"]


@in_shell
async def test_loading_twice_is_loading_once(shell: Shell) -> None:
    session = extension.current_session()
    extension.load(shell.ip)

    assert extension.current_session() is session
    assert shell.ip.Completer.custom_matchers.count(complete_actor) == 1


def test_after_unloading_streams_magic_and_matcher_are_as_before(ipython: None) -> None:
    before = (sys.stdout, sys.stderr)

    async def main() -> None:
        shell = Shell()
        extension.load(shell.ip)
        extension.unload(shell.ip)
        extension.unload(shell.ip)
        assert (sys.stdout, sys.stderr) == before
        assert "actor" not in shell.ip.magics_manager.magics["line"]
        assert complete_actor not in shell.ip.Completer.custom_matchers
        with pytest.raises(RuntimeError, match="%load_ext actorbook"):
            extension.current_session()

    asyncio.run(main())


def test_without_a_running_loop_loading_says_what_to_do(ipython: None) -> None:
    with pytest.raises(RuntimeError, match=r"expected a running event loop.*async with ab.Node"):
        extension.load(InteractiveShell.instance())


CLUSTER = "cluster = await ab.Cluster.simulated(['a1', 'b1', 'c1'], net_tick=0)"


@in_shell
async def test_nodes_partition_heal_crash_and_restart_work_on_the_running_cluster(shell: Shell) -> None:
    await shell.run(CLUSTER)
    shell.actor("partition a1 | b1 c1")
    cut = {row[0]: row for row in shell.actor("nodes").rows}
    assert (cut["a1"][4], cut["a1"][5], cut["b1"][5], cut["nb@local"][4:]) == (
        "connected",
        "b1, c1",
        "a1",
        ("here", ""),
    )
    shell.actor("partition c1")
    assert {row[0]: row[4] for row in shell.actor("nodes").rows}["c1"] == "not connected"
    shell.ip.user_ns["cluster"].heal()
    shell.ip.user_ns["cluster"].partition("a1", "b1", oneway=True)
    assert [row[5] for row in shell.actor("nodes").rows] == ["", "to b1", "from a1", ""]
    shell.actor("heal")
    assert [row[5] for row in shell.actor("nodes").rows] == [""] * 4

    assert "a1 is down" in repr(shell.actor("crash a1"))
    down = shell.actor("nodes").rows[1]
    assert down == ("a1", None, "down", None, "", "")
    assert "incarnation" in repr(shell.actor("restart a1"))
    up = shell.actor("nodes").rows[1]
    assert (up[0], up[2], up[4]) == ("a1", "up", "connected")
    assert up[1] > cut["a1"][1]
    await shell.run("await cluster.stop()")
    assert [row[0] for row in shell.actor("nodes").rows] == ["nb@local"]
    assert "ab.Cluster.simulated" in repr(shell.actor("nodes"))


@in_shell
async def test_what_cannot_be_done_to_a_cluster_is_one_clear_line(shell: Shell) -> None:
    def refused(line: str) -> str:
        with pytest.raises(UsageError) as error:
            shell.actor(line)
        assert "\n" not in str(error.value)
        return str(error.value)

    assert refused("restart a1").startswith("%actor restart: no process 'a1'; expected a name")
    for line in ("partition a1 | b1", "heal", "crash a1"):
        assert "no cluster runs, nb@local is alone; expected one: cluster = await" in refused(line)
    await shell.run(CLUSTER)
    said = refused("crash nb@locl")
    assert said.startswith("%actor crash: no node 'nb@locl'; did you mean 'nb@local'? expected one of nb@local, a1,")
    assert "a node is missing; expected one of" in refused("crash")
    assert "expected a process" in refused("restart")
    assert refused("crash nb@local").startswith("%actor crash: 'nb@local' carries this code")
    assert refused("restart a1") == "%actor restart: 'a1' runs; crash it first"
    assert "expected groups of nodes such as a | b c, got an empty one" in refused("partition")
    assert "got an empty one" in refused("partition a1 |")
    assert "'a1' is in two groups" in refused("partition a1 | a1 b1")
    await shell.run("await cluster.stop()")


@in_shell
async def test_completion_knows_the_nodes_that_a_command_can_mean(shell: Shell) -> None:
    node = extension.current_session().node
    assert candidates(["partition"], node, {}) == []
    await shell.run(CLUSTER)
    shell.actor("crash a1")
    assert candidates(["crash"], node, {}) == ["b1", "c1"]
    assert candidates(["restart"], node, {})[0] == "a1"
    assert candidates(["partition"], node, {}) == ["nb@local", "a1", "b1", "c1"]
    assert candidates(["partition", "a1", "|", "b1"], node, {}) == ["nb@local", "c1", "|"]
    await shell.run("await cluster.stop()")


@in_shell
async def test_restart_has_the_supervisor_start_a_child_again(shell: Shell) -> None:
    node = extension.current_session().node
    before = node.names.get("a").pid
    handle = shell.actor("restart a")

    assert repr(handle) == "restart of a … waiting for the answer"
    assert await handle == "shop has started 'a' again"
    assert node.names.get("a").pid is not before
    with pytest.raises(LookupError, match="expected the child of a supervisor"):
        await shell.actor("restart shop")


CHILDREN = """%%actor supervise desk --strategy one_for_all --max-restarts 7
first = 1
Counter.child_spec(first, id="x", name="x")
[Counter.child_spec(2, id="y"), Counter.child_spec(3, id="z")]
"""


@in_shell
async def test_a_cell_supervises_what_its_expressions_are_and_again_when_it_runs_again(shell: Shell) -> None:
    desk = await (await shell.run(CHILDREN))
    assert await shell.run("[c.id for c in await ab.Supervisor.which_children('desk')]") in (
        ["x", "y", "z"], ["z", "y", "x"],
    )  # fmt: skip
    assert await shell.run("await ab.whereis('x').add(0)") == 1

    again = await (await shell.run(CHILDREN))

    node = extension.current_session().node
    assert again is not desk
    assert not node.local(desk)
    assert node.names.get("desk").pid is again


@in_shell
async def test_a_cell_that_cannot_be_supervised_says_why_in_one_line_and_stops_nobody(shell: Shell) -> None:

    def refused(line: str, cell: str) -> str:
        with pytest.raises(UsageError) as error:
            shell.ip.run_cell_magic("actor", line, cell)
        return str(error.value)

    assert "expected a child specification a line" in refused("supervise shop", "x = 1")
    assert "child spec: expected Cls.child_spec(" in refused("supervise shop", "42")
    assert "expected unique ids, got 'q' twice" in refused("supervise shop", "Counter.child_spec(id='q')\n" * 2)
    assert "expected a free name or that of a supervisor; 'a' is" in refused("supervise a", "Counter")
    assert "expected a name for the supervisor" in refused("supervise", "Counter")
    assert "line 2 of the cell" in refused("supervise shop", "1 +")
    assert "expected trace, chaos or supervise" in refused("explain", "Counter")
    assert await shell.run("ab.is_alive(shop)")
