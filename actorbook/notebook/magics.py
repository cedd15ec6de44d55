"""`%actor`: parses, calls the commands, shows what they return. Nothing else."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.core.magic_arguments import MagicArgumentParser, argument, magic_arguments

from ..behaviours.restart import STRATEGIES
from ..core.process import Process
from ..observe.top_table import SORTS
from . import commands, nodes, tracing
from .actions import reason_from
from .magics_run import RunMagics
from .session import Session
from .supervising import children_of, supervise
from .tables import Text
from .targets import Unknown, find_target
from .topping import LiveTop

__all__ = ["SUBCOMMANDS", "ActorMagics"]

SUBCOMMANDS: dict[str, str] = {
    "tree": "tree [NAME]                   the live supervision tree",
    "ps": "ps [--sort mailbox]           all processes",
    "info": "info P                        what is known of a process",
    "state": "state P                       a copy of its state",
    "mailbox": "mailbox P                     its waiting messages",
    "send": "send P EXPR                   send it a message",
    "call": "call P METHOD ARGS…           call a method; awaitable",
    "cast": "cast P METHOD ARGS…           the same without an answer",
    "kill": "kill P [--reason R]           an exit signal",
    "suspend": "suspend P                     handle nothing, keep messages",
    "resume": "resume P                      go on",
    "restart": "restart P | NODE              a child, by its supervisor; a crashed node, empty",
    "supervise": "supervise NAME [--strategy S] [--max-restarts N] [--max-seconds S]   (%%actor) children from a cell",
    "trace": "trace P… [--limit N] [--rate N]   follow messages, drawn as they go (%%actor trace: of a cell)",
    "untrace": "untrace                       stop following",
    "top": "top [--sort C] [--filter W]   who does how much, live",
    "events": "events [--last N]             what happened lately",
    "at": "at N                          the tree as it was at event N",
    "why": "why N                         what led to event N",
    "pause": "pause                         nothing runs, and time stands still",
    "step": "step [N]                      one message of one process, and say which",
    "continue": "continue                      go on",
    "chaos": "chaos [--kill-every 2s] [--drop 5%] [--delay 10ms..1s] [--only w*] [--seed N] [--for 10s | --stop]",
    "save": "save FILE                     the run so far, to be opened in any kernel",
    "open": "open FILE                     a saved run: its tree, its timeline",
    "blocking": "blocking [--after SECONDS]    what has blocked the loop lately",
    "names": "names                         all names",
    "nodes": "nodes                         the nodes of the cluster, and who is cut from whom",
    "partition": "partition a | b c             cut the network between groups of nodes",
    "heal": "heal                          open it again",
    "crash": "crash NODE                    a node is gone at once",
}


@magics_class
class ActorMagics(Magics, RunMagics):
    """The magics of one session."""

    def __init__(self, shell: Any, session: Session) -> None:
        super().__init__(shell)
        self._session = session
        self._ip = shell

    @magic_arguments("%actor")
    @argument("command", nargs="?", help="one of: " + ", ".join(SUBCOMMANDS))
    @argument("rest", nargs="...", help="see %%actor alone")
    @line_magic
    def actor(self, line: str) -> Any:
        """Look at and steer the running processes. `%actor` alone lists the commands.

        P is a name, a pid such as <nb.4>, or a variable that holds one.
        """
        word, _, rest = line.strip().partition(" ")
        if not word:
            return Text("\n".join(f"%actor {usage}" for usage in SUBCOMMANDS.values()))
        run: Callable[[str], Any] | None = getattr(self, f"_{word}", None) if word in SUBCOMMANDS else None
        if run is None:
            raise UsageError(f"%actor {word}: unknown command; expected one of {', '.join(SUBCOMMANDS)}")
        try:
            return run(rest.strip())
        except (LookupError, ValueError, TypeError, RuntimeError) as error:
            raise UsageError(f"%actor {word}: {_one_line(error).removeprefix(f'{word}: ')}") from None

    @cell_magic("actor")  # type: ignore[arg-type,untyped-decorator,unused-ignore]
    def actor_cell(self, line: str, cell: str) -> Any:
        """`%%actor supervise NAME`: the expressions of the cell are the children. `trace` and `chaos` are no magics."""
        word, _, rest = line.strip().partition(" ")
        if word != "supervise":
            raise UsageError(f"%%actor {word}: expected trace, chaos or supervise, in the first line of a cell")
        try:
            return self._supervise_cell(rest, cell)
        except (LookupError, ValueError, TypeError) as error:
            raise UsageError(f"%%actor supervise: {_one_line(error)}") from None

    # --- parsing ----------------------------------------------------------------------------------------------

    def _process(self, word: str) -> Process:
        if not word:
            raise Unknown("expected a process: a name, a pid such as <nb.4> or a variable that holds one")
        return find_target(self._session.node, word, self._ip.user_ns)

    def _value(self, text: str) -> Any:
        """The Python value of an expression in the notebook's namespace."""
        try:
            return eval(text, self._ip.user_global_ns, self._ip.user_ns)  # the user's own cell
        except SyntaxError:
            raise ValueError(f"expected a Python expression, got {text!r}") from None
        except Exception as error:  # noqa: BLE001  # the user's expression may raise anything
            raise ValueError(f"{text!r} raised {type(error).__name__}: {error}") from None

    def _arguments(self, words: list[str]) -> tuple[list[Any], dict[str, Any]]:
        """Values of the words after a method; `k=v` is a keyword."""
        args, kwargs = [], {}
        for word in words:
            name, is_keyword, value = word.partition("=")
            if is_keyword and name.isidentifier() and not value.startswith("="):
                kwargs[name] = self._value(value)
            else:
                args.append(self._value(word))
        return args, kwargs

    def _options(self, command: str, line: str, **options: dict[str, Any]) -> Any:
        """What the options of a command say; an unknown one is a one-line error."""
        parser = MagicArgumentParser(prog=f"%actor {command}", add_help=False)
        for name, how in options.items():
            parser.add_argument(name if how.get("nargs") else f"--{name}", **how)
        return parser.parse_args(_words(line))

    # --- commands ---------------------------------------------------------------------------------------------

    def _tree(self, line: str) -> Any:
        words = _words(line)
        return commands.tree(self._session, self._process(words[0]) if words else None)

    def _ps(self, line: str) -> Any:
        sort = {"choices": commands.SORTS, "default": "pid"}
        return commands.ps(self._session.node, self._options("ps", line, sort=sort).sort)

    def _info(self, line: str) -> Any:
        return commands.info(self._session.node, self._process(line))

    def _state(self, line: str) -> Any:
        return commands.state(self._process(line))

    def _mailbox(self, line: str) -> Any:
        return commands.mailbox(self._process(line))

    def _send(self, line: str) -> Any:
        word, expression = _first(line, "send P EXPR", "a message, as a Python expression")
        return commands.send(self._process(word), self._value(expression))

    def _call(self, line: str) -> Any:
        process, method, args, kwargs = self._method(line, "call P METHOD ARGS…")
        return commands.call(self._session, process, method, args, kwargs)

    def _cast(self, line: str) -> Any:
        return commands.cast(*self._method(line, "cast P METHOD ARGS…"))

    def _method(self, line: str, usage: str) -> tuple[Process, str, list[Any], dict[str, Any]]:
        word, rest = _first(line, usage, "a method")
        method, _, arguments = rest.partition(" ")
        return self._process(word), method, *self._arguments(_python_words(arguments))

    def _kill(self, line: str) -> Any:
        chosen = self._options("kill", line, target={"nargs": "?", "default": ""}, reason={"default": "kill"})
        return commands.kill(self._session.node, self._process(chosen.target), reason_from(chosen.reason))

    def _suspend(self, line: str) -> Any:
        return commands.suspend(self._process(line))

    def _resume(self, line: str) -> Any:
        return commands.resume(self._process(line))

    def _supervise(self, line: str) -> Any:
        raise ValueError("expected it with two signs, %%actor supervise NAME, and the children below it in the cell")

    def _supervise_cell(self, line: str, cell: str) -> Any:
        given = vars(
            self._options(
                "supervise", line, name={"nargs": "?"}, strategy={"choices": STRATEGIES, "default": "one_for_one"},
                **{"max-restarts": {"type": int, "default": 3}, "max-seconds": {"type": float, "default": 5.0}},
            )
        )  # fmt: skip
        name = given.pop("name")
        if not name:
            raise ValueError("expected a name for the supervisor: %%actor supervise NAME")
        return supervise(self._session, name, children_of(cell, self._ip.user_ns), given)

    def _events(self, line: str) -> Any:
        return commands.events(
            self._session.node, self._options("events", line, last={"type": int, "default": 20}).last
        )

    def _trace(self, line: str) -> Any:
        given = self._options(
            "trace", line, targets={"nargs": "*"}, limit={"type": int, "default": tracing.LIMIT},
            rate={"type": float, "default": tracing.RATE}, cell={"action": "store_true"},
        )  # fmt: skip
        if given.cell:
            return tracing.trace_cell(self._session, given.limit, given.rate)
        return tracing.trace(self._session, given.targets, self._ip.user_ns, given.limit, given.rate)

    def _untrace(self, line: str) -> Any:
        return tracing.untrace(self._session)

    def _top(self, line: str) -> Any:
        given = self._options(
            "top", line, sort={"choices": SORTS, "default": "time"}, filter={"default": ""},
            most={"type": int, "default": 30},
        )  # fmt: skip
        return LiveTop(self._session, given.sort, given.filter, given.most)

    def _blocking(self, line: str) -> Any:
        return commands.blocking(self._session, self._options("blocking", line, after={"type": float}).after)

    def _names(self, line: str) -> Any:
        return commands.names(self._session.node)

    # --- a cluster --------------------------------------------------------------------------------------------

    def _nodes(self, line: str) -> Any:
        return nodes.nodes(self._session.node)

    def _partition(self, line: str) -> Any:
        return nodes.partition(self._session.node, [_words(group) for group in line.split("|")])

    def _heal(self, line: str) -> Any:
        return nodes.heal(self._session.node)

    def _crash(self, line: str) -> Any:
        return nodes.crash(self._session.node, line)

    def _restart(self, line: str) -> Any:
        node = self._session.node
        if node.neighbours is not None and line in node.neighbours.names:
            return nodes.restart(node, line)
        return commands.restart(self._session, self._process(line))


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise ValueError(f"expected matching quotes, got {line!r} ({error})") from None


def _python_words(line: str) -> list[str]:
    """Split at spaces, but not within quotes or brackets, and keep the quotes: each word is Python."""
    words, depth, quote, word = [], 0, "", ""
    for char in line:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            depth += (char in "([{") - (char in ")]}")
        if char == " " and not quote and depth == 0:
            words.append(word)
            word = ""
        else:
            word += char
    return [w for w in [*words, word] if w]


def _first(line: str, usage: str, what: str) -> tuple[str, str]:
    """The first word, quoted or not, and the rest, which must be there."""
    if line[:1] in ("'", '"') and (end := line.find(line[0], 1)) > 0:
        word, rest = line[1:end], line[end + 1 :].strip()
    else:
        word, _, rest = line.partition(" ")
    if not word or not rest.strip():
        raise ValueError(f"expected {usage}: {'a process and ' if not word else ''}{what} is missing")
    return word, rest.strip()


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
