"""The official JavaScript client, unchanged, against the chat example. Rules CH-34 to CH-36, CH-68."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import actorbook as ab
from actorbook.examples.chat import ChatEndpoint, tree
from tests.conformance.rules import rule
from tests.running import real

SCRIPT = Path(__file__).parents[1] / "web" / "client.mjs"
NODE = Path(sys.executable).parent / "node"  # the one that the project installs: older ones have no WebSocket


async def plays(scenario: str) -> None:
    """Run one scenario of the script to its end, and do what it asks for."""
    top = await ab.Supervisor.start(tree())
    port = ChatEndpoint.port()
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
    node = await asyncio.create_subprocess_exec(str(NODE), str(SCRIPT), str(port), scenario, **pipes)
    assert node.stdout is not None
    assert node.stdin is not None
    said = []
    try:
        while line := await asyncio.wait_for(node.stdout.readline(), 30):
            said.append(line.decode().rstrip())
            if said[-1] == "restart":
                await ab.stop(top, "shutdown")
                top = await ab.Supervisor.start(tree(port))
                node.stdin.write(b"done\n")
    finally:
        if node.returncode is None and said[-1:] != ["ok"]:
            node.kill()
        await node.wait()
        node.stdin.close()
    assert said[-1:] == ["ok"], "\n".join(said)
    await ab.stop(top, "shutdown")


@real
async def test_the_client_joins_pushes_and_hears() -> None:
    await plays("talks")


@rule(
    "CH-34",
    "The client joins a channel that failed again, with a new join_ref each time; one that was closed it does not.",
)
@real
async def test_the_client_joins_again_after_a_failure() -> None:
    await plays("failsAndRejoins")


@rule(
    "CH-35",
    "The client connects again when the server was restarted, joins its channels, and sends what was pushed meanwhile.",
)
@real
async def test_the_client_survives_a_restart_of_the_server() -> None:
    await plays("reconnects")


@rule("CH-36", "Heartbeats keep the connection; a second channel object of the client takes the topic over.")
@real
async def test_the_clients_heart_beats() -> None:
    await plays("beats")


@rule("CH-68", "The client's `Presence` sees who comes and goes, whatever they are called.")
@real
async def test_the_client_sees_presences() -> None:
    await plays("sees")
