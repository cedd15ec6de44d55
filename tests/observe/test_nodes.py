"""A cluster in one picture: all nodes with their processes, keys that stay, and one node alone as ever."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from actorbook.core.running import current_node
from actorbook.notebook.actions import act
from actorbook.notebook.picture import Picture
from actorbook.notebook.targets import Unknown, find_target, known_targets
from actorbook.observe.rows import Lens, rows
from tests.cluster.actors import Counter
from tests.running import virtual


def by_key(picture: Picture) -> dict[str, Any]:
    return {row["key"]: row for row in picture.snapshot()["rows"]}


@virtual
async def test_the_tree_of_a_cluster_has_every_node_with_its_processes() -> None:
    async with ab.Cluster.simulated(["a", "b", "c"], net_tick=0) as cluster:
        await Counter.start(node="b", name="far")
        cluster.partition("a", "b")
        cluster.crash("c")
        tree = ab.observe.tree()
        lines = str(tree).splitlines()

        assert [(node.name, node.status) for node in tree.children] == [
            ("nb@local", "up"), ("a", "cut"), ("b", "cut"), ("c", "down"),
        ]  # fmt: skip
        assert lines[0] == "cluster  4 nodes"
        assert "├─ a  2 roots  cut" in lines
        assert lines[-1] == "└─ c  down"
        far = tree.children[2].find("far")
        assert far is not None
        assert far.pid is not None
        assert ab.observe.tree(far.pid).name == "far"
    assert str(ab.observe.tree()) == "nb@local  no processes yet"


@virtual
async def test_keys_are_unique_and_those_of_the_own_node_are_the_same_with_and_without_a_cluster() -> None:
    await ab.Supervisor.start([ab.GenServer.child_spec(id="till")], name="shop")
    alone = [row.key for row in rows(current_node(), Lens())]
    async with ab.Cluster.simulated(["a@x", "a@y"]) as cluster:
        seen = rows(current_node(), Lens())
        keys = [row.key for row in seen]
        cluster.crash("a@x")
        cluster.restart("a@x")
        again = [row.key for row in rows(current_node(), Lens())]

        assert len(set(keys)) == len(keys)
        assert set(alone) < set(keys)
        assert again == keys
        assert [row.name for row in seen if row.parent == ""] == ["nb@local", "a@x", "a@y"]
        assert all(row.parent == "" or row.parent in keys[:n] for n, row in enumerate(seen))
    assert alone == ["<nb.2>", "<nb.2>/'till'"]
    assert [row.key for row in rows(current_node(), Lens())] == alone


@virtual
async def test_a_row_of_a_node_tells_its_state_and_the_rate_of_a_restarted_one_is_not_negative() -> None:
    picture = Picture(current_node())
    async with ab.Cluster.simulated(["a", "b"], net_tick=0) as cluster:
        far = await Counter.start(node="a")
        for _ in range(20):
            await far.add(1)
        picture.snapshot()
        cluster.partition("a", "b")
        cut = by_key(picture)["@a"]
        cluster.crash("a")
        down = by_key(picture)["@a"]
        cluster.restart("a")
        cluster.heal()
        delta = picture.delta()

        assert (cut["kind"], cut["status"], cut["sub"]) == ("node", "cut", "3 processes · cut from b")
        assert (down["status"], down["sub"], down["children"], down["open"]) == ("down", "crashed", 0, False)
        assert delta is not None
        fresh = {row["key"]: row for row in delta["put"]}["@a"]
        assert fresh["status"] == "up"
        assert all(row["rate"] >= 0 for row in delta["put"])
        assert delta["stats"]["processes"] == sum(len(node.processes) for node in cluster.nodes.values())


@virtual
async def test_the_wire_tells_what_is_cut_and_a_button_heals_it() -> None:
    worked, said = act(current_node(), "heal", "")
    assert (worked, "no cluster runs" in said) == (False, True)
    async with ab.Cluster.simulated(["a", "b", "c"]) as cluster:
        picture = Picture(current_node())
        cluster.partition("a", "b")
        cluster.partition("b", "c", oneway=True)
        assert picture.snapshot()["stats"]["cuts"] == ["a – b", "b → c"]

        assert act(current_node(), "heal", "")[0]
        assert picture.snapshot()["stats"]["cuts"] == []
        assert cluster.cuts == []


@virtual
async def test_of_many_nodes_only_the_own_one_is_open() -> None:
    ab.spawn(ab.receive, name="here")
    async with ab.Cluster.simulated([f"n{n}" for n in range(60)]):
        seen = rows(current_node(), Lens())

        assert [row.name for row in seen if row.kind == "node" and row.open] == ["nb@local"]
        assert seen[-1].name == "… 11 more"


@virtual
async def test_a_process_of_another_node_is_found_looked_at_and_steered() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        pid = await Counter.start(node="a", name="far")
        cluster.partition("a")
        picture = Picture(current_node())
        key = f"@a/{pid!r}"
        assert picture.search("far") == (1, [key])
        picture.select(key)
        picture.snapshot()
        delta = picture.delta()
        assert delta is not None
        assert delta["details"] is not None
        assert delta["details"]["state"] is not None
        assert [value["text"] for value in delta["details"]["state"]["values"]] == ["0"]

        worked, said = act(current_node(), "suspend", repr(pid))
        assert (worked, by_key(picture)[key]["status"]) == (True, "suspended"), said
        assert act(current_node(), "resume", repr(pid))[0]
        assert act(current_node(), "kill", repr(pid), {"reason": "kill"})[1] == f"far {pid!r} ended with killed"
        assert key not in by_key(picture)
        assert not act(current_node(), "kill", repr(pid))[0]


@virtual
async def test_of_two_that_are_written_alike_none_is_killed_by_mistake() -> None:
    async with ab.Cluster.simulated(["a@x", "a@y"]) as cluster:
        alike = [node.find("pg") for name, node in cluster.nodes.items() if name != "nb@local"]
        assert all(alike)
        assert len({repr(process.pid) for process in alike if process}) == 1
        worked, said = act(current_node(), "kill", repr(alike[0] and alike[0].pid))

        assert not worked
        assert "may be of a@x and a@y; expected one process" in said
        assert not any(process.ended for process in alike if process)


@virtual
async def test_work_on_another_node_is_seen_by_whoever_watches_the_own_one() -> None:
    node, seen = current_node(), []
    async with ab.Cluster.simulated(["a"]) as cluster:
        node.watchers.append(lambda: seen.append(1))
        before = len(seen)
        cluster.nodes["a"].run()

        assert len(seen) == before + 1
        node.watchers.clear()


@virtual
async def test_a_name_on_another_node_is_written_with_the_node() -> None:
    node = current_node()
    async with ab.Cluster.simulated(["a", "b@x"]) as cluster:
        one, other = await Counter.start(node="a", name="far"), await Counter.start(node="b@x", name="far")
        await ab.Supervisor.start([Counter.child_spec(id="till")], node="a")

        assert [find_target(node, word, {}).pid for word in ("far@a", "far@b@x")] == [one, other]
        assert find_target(node, "till@a", {}).title() == "till"
        assert {"far@a", "far@b@x"} < set(known_targets(node))
        with pytest.raises(Unknown, match="no process 'far@c'; expected a name, of another node as name@node"):
            find_target(node, "far@c", {})
        cluster.crash("a")
        with pytest.raises(Unknown):
            find_target(node, "far@a", {})


@virtual
async def test_a_child_on_another_node_is_drawn_once_in_its_supervisors_slot() -> None:
    far = ab.ChildSpec("till", (Counter.start_link, (5,), {"node": "b"}))
    async with ab.Cluster.simulated(["a", "b"], net_tick=0) as cluster:
        pid = await ab.Supervisor.start([far, Counter.child_spec(id="near")], name="shop", node="a")
        assert pid is not None
        tree = ab.observe.tree()
        lines = [line.strip("│├└─ ").split("  ") for line in str(tree).splitlines()]
        till = tree.find("till")
        assert till is not None
        assert till.pid is not None
        assert (till.pid.node, till.on, till.status) == ("b", "b", "waiting")
        assert [line for line in lines if line[0] == "till"] == [["till", "Counter", repr(till.pid), "on b", "waiting"]]
        assert [repr(till.pid) in line for line in lines].count(True) == 1

        picture = Picture(current_node())
        key = f"@a/{pid!r}/'till'"
        row = by_key(picture)[key]
        assert (row["parent"], row["name"], row["sub"], row["pid"]) == (
            f"@a/{pid!r}", "till", "Counter · on b", repr(till.pid),
        )  # fmt: skip
        assert by_key(picture)["@b"]["children"] == 2  # the runtime's own servers
        assert picture.search(repr(till.pid)) == (1, [key])

        assert act(current_node(), "kill", repr(till.pid), {"reason": "kill"})[0]
        await ab.sleep(0.1)
        again = by_key(picture)[key]
        assert (again["status"], again["restarts"], len(again["exits"])) == ("waiting", 1, 1)
        cluster.crash("b")
        await ab.sleep(0.01)
        assert "till" not in [row["name"] for row in by_key(picture).values() if row["parent"] == "@b"]


@virtual
async def test_the_runtimes_own_servers_come_last() -> None:
    async with ab.Cluster.simulated(["a"]):
        await Counter.start(node="a", name="mine")

        assert [row.name for row in rows(current_node(), Lens()) if row.parent == "@a"] == [
            "mine",
            "pg",
            "global_names",
        ]
