"""A cluster in one picture: all nodes with their processes, keys that stay, and one node alone as ever."""

from __future__ import annotations

from typing import Any

import actorbook as ab
from actorbook.core.running import current_node
from actorbook.notebook.actions import act
from actorbook.notebook.picture import Picture
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
