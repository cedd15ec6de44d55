"""PubSub beyond its rules: the default adapter's contract, what is refused, and how a message is isolated."""

from __future__ import annotations

from threading import Lock
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import actorbook as ab
from actorbook.web import Broadcast, PubSub
from actorbook.web.fan_out import copies
from tests.running import settle, virtual
from tests.web.adapter_contract import AdapterContract
from tests.web.listeners import PUBSUB, heard, listener


class TestPgAdapter(AdapterContract):
    """Process groups over the nodes of a cluster."""


class TestPoolOfPgAdapters(AdapterContract):
    """The same with several workers on each node, and the subscribers dealt into parts."""

    options: ClassVar[dict[str, Any]] = {"pool_size": 3, "broadcast_pool_size": 2, "registry_size": 2}


# ── what is refused


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"name": ""}, "expected a name such as 'pubsub', got ''"),
        ({"pool_size": 0}, "expected pool_size to be a whole number above 0, got 0"),
        ({"pool_size": True}, "expected pool_size to be a whole number above 0, got True"),
        ({"broadcast_pool_size": 1.5}, "expected broadcast_pool_size to be a whole number above 0, got 1.5"),
        ({"registry_size": 0}, "expected registry_size to be a whole number above 0, got 0"),
    ],
)
def test_an_option_that_makes_no_sense_is_the_callers_error(options: dict[str, Any], text: str) -> None:
    @virtual
    async def trying() -> None:
        for start in (PubSub.start, PubSub.start_link):
            with pytest.raises(ValueError, match=text):
                await start(**{"name": PUBSUB, **options})
        with pytest.raises(ValueError, match=text):
            PubSub.child_spec(**{"name": PUBSUB, **options})

    trying()


@virtual
async def test_topics_pids_nodes_and_dispatchers_are_checked() -> None:
    await PubSub.start(name=PUBSUB)
    with pytest.raises(TypeError, match="subscribe: expected the topic as text such as 'room:1', got 7"):
        PubSub.subscribe(PUBSUB, 7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="broadcast_from: expected a Pid, got 'me'"):
        PubSub.broadcast_from(PUBSUB, "me", "t", "x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="direct_broadcast: expected the name of a node"):
        PubSub.direct_broadcast(ab.self_(), PUBSUB, "t", "x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="dispatcher: expected a function"):
        PubSub.broadcast(PUBSUB, "t", "x", "send")  # type: ignore[arg-type]


@virtual
async def test_two_pubsubs_of_one_name_cannot_be_on_one_node() -> None:
    await PubSub.start(name=PUBSUB)

    with pytest.raises(ab.SupervisorError):
        await PubSub.start(name=PUBSUB)


@virtual
async def test_a_pubsub_is_reached_by_its_name_its_registry_and_its_supervisor() -> None:
    sup = await PubSub.start(name=PUBSUB)
    registry = ab.whereis(PUBSUB)
    assert isinstance(registry, ab.Pid)
    for pubsub in (PUBSUB, sup, registry):
        PubSub.subscribe(pubsub, "t")
        PubSub.broadcast(pubsub, "t", "x")
        assert ab.flush() == ["x"]
        PubSub.unsubscribe(pubsub, "t")


@virtual
async def test_something_else_of_that_name_is_no_pubsub() -> None:
    await ab.Registry.start("duplicate", name="registry")
    await ab.Supervisor.start([], name="other.supervisor")
    await PubSub.start(name="my.supervisor")
    for name, who in (("registry", "registry"), ("other.supervisor", "other.supervisor")):
        with pytest.raises(ab.UnknownNameError, match=f"got '{name}'; {who} is something else"):
            PubSub.broadcast(name, "t", "x")

    assert PubSub.node_name("my.supervisor") == "nb@local"


@virtual
async def test_a_function_that_other_nodes_cannot_name_is_refused_before_anybody_hears() -> None:
    async with ab.Cluster.simulated(["a"]):
        for node in ("nb@local", "a"):
            await PubSub.start(name=PUBSUB, node=node)
        await ab.sleep(0.1)
        here = await listener("t")
        with pytest.raises(ab.MessageError, match="cannot send to another node"):
            PubSub.broadcast(PUBSUB, "t", "x", lambda entries, from_pid, message: None)
        await settle()

        assert heard(here) == []


# ── copies


class Counted:
    """Tells how often it was copied."""

    copied = 0

    def __deepcopy__(self, memo: Any) -> Counted:
        Counted.copied += 1
        return Counted()

    def __reduce__(self) -> Any:
        Counted.copied += 1
        return Counted, ()


@virtual
async def test_a_message_is_isolated_once_for_two_hundred_subscribers() -> None:
    await PubSub.start(name=PUBSUB)
    for _ in range(200):
        PubSub.subscribe(PUBSUB, "t")
    Counted.copied = 0
    PubSub.broadcast(PUBSUB, "t", Broadcast("t", "said", [Counted()]))

    assert Counted.copied <= 3, "one copy of its own, one look whether it can change, one encoding"
    assert len({id(message.payload[0]) for message in ab.flush()}) == 200


@virtual
async def test_no_subscriber_sees_what_another_changes() -> None:
    await PubSub.start(name=PUBSUB)
    for _ in range(2):
        PubSub.subscribe(PUBSUB, "t")
    large = {"read": "only"}
    PubSub.broadcast(PUBSUB, "t", {"mine": [1], "ours": ab.share(large)})
    one, two = ab.flush()
    one["mine"].append(2)

    assert two == {"mine": [1], "ours": large}
    assert one["ours"] is two["ours"] is large


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda part: st.lists(part) | st.dictionaries(st.text(), part))
)
def test_every_copy_equals_the_message_and_is_nobody_elses(message: Any) -> None:
    make = copies(message)
    one, two = make(), make()

    assert one == two == message
    assert not isinstance(message, list | dict) or (one is not two and one is not message)


def test_what_pickle_cannot_do_is_copied_as_send_does() -> None:
    class Local:
        pass

    one, two = (copies([Local()])() for _ in range(2))

    assert type(one[0]) is Local
    assert one[0] is not two[0]
    with pytest.raises(ab.MessageError, match="cannot copy the message"):
        copies([Lock()])


@virtual
async def test_one_full_mailbox_keeps_nothing_from_the_others() -> None:
    await PubSub.start(name=PUBSUB)

    async def deaf() -> None:
        PubSub.subscribe(PUBSUB, "t")
        await ab.sleep(60)

    ab.spawn(deaf, mailbox=ab.Mailbox(1, "fail"))
    await settle()
    PubSub.subscribe(PUBSUB, "t")
    for n in range(3):
        PubSub.broadcast(PUBSUB, "t", n)

    assert ab.flush() == [0, 1, 2]
