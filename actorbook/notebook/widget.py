"""`SupervisionTree`: the live picture. A snapshot trait, numbered deltas, and a message handler that only schedules.

Messages from the page may arrive on another thread (a subshell's), even while a cell blocks the loop; so the handler
does nothing but hand them to the loop. ipykernel routes a widget's messages to the thread that last published on its
comm; this comm is told to leave them where the page sent them, or a kill button would wait for the loop it is to free.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..core.watchdog import Blocking
from ..observe.lookback import Closely
from ..observe.recorder import recorder_of
from .actions import act
from .halting import HALTING
from .looks import Looks
from .picture import Picture
from .protocol import FromPicture
from .session import Session
from .still import Still
from .wishes import WISHES, Wish, grant

__all__ = ["SupervisionTree"]

_BUNDLE = Path(__file__).parent / "static" / "widget.js"
_IN_FLIGHT = 2


class SupervisionTree(anywidget.AnyWidget):
    """The supervision tree below `root` (a name or pid; None for the whole node), live in the notebook.

    Show it by making it a cell's last value. `height` is in CSS pixels. The output also holds the tree as text and as
    a static picture, for notebooks that are read without a kernel.
    """

    _esm = _BUNDLE
    snapshot = traitlets.Dict().tag(sync=True)
    height = traitlets.Int(480).tag(sync=True)

    def __init__(self, root: Any = None, *, session: Session | None = None, picture: Any = None, **traits: Any) -> None:
        from .extension import current_session

        self._session = session or current_session()
        self._picture = picture or Picture(self._session.node, root)
        self._looks = Looks(self._session.node, self._session.shell.user_ns)
        self._still = Still(self._picture, self._looks)
        self._views: dict[str, bool] = {}
        self._in_flight = 0
        self._last_failure = ""
        super().__init__(snapshot=dict(self._picture.snapshot()), **traits)
        self.on_msg(self._arrived)
        self._session.pace.pictures.append(self)
        self._closely = Closely(recorder_of(self._session.node), states=False)
        self._closely.__enter__()
        self._watchdog = self._session.watchdog
        self._watchdog.listeners.append(self._blocked)
        _keep_routes_of_the_page(self.comm)

    # --- in ---------------------------------------------------------------------------------------------------

    def _arrived(self, _widget: Any, content: FromPicture, _buffers: Any) -> None:
        """On whatever thread: hand it to the loop. A kill cannot wait until a callback lets go of it."""
        if _text_or_none(content, "name") == "kill":
            self._session.node.urgently(lambda: self._handle(content))
        else:
            self._session.host.from_thread(self._handle, content)

    def _handle(self, content: FromPicture) -> None:
        kind = _text_or_none(content, "type")
        handler = self._handlers().get(kind or "")
        try:
            if handler is None:
                raise ValueError(f"unknown message {kind!r}")
            handler(content)
        except Exception as error:  # noqa: BLE001  # whatever the page sent, the picture goes on and says so
            text = f"the kernel could not read {kind!r}: {type(error).__name__}: {error}"
            self.send({"type": "result", "id": _text_or_none(content, "id"), "ok": False, "text": text})

    def _handlers(self) -> dict[str, Callable[[FromPicture], None]]:
        return {
            "hello": self._hello, "visible": self._visible, "bye": self._bye, "ack": self._ack, "resync": self._resync,
            "ping": self._ping, "open": self._open, "more": self._more, "select": self._select, "look": self._look,
            "search": self._search, "command": self._command, "scrub": self._scrub,
        } | self._watching()  # fmt: skip

    def _watching(self) -> dict[str, Callable[[FromPicture], None]]:
        """What is said about messages, the sequence and the table of `top`."""
        messages, sequence, top = self._looks.messages, self._looks.sequence, self._looks.top
        acts: dict[str, Callable[[FromPicture], None]] = {
            "trace": lambda c: sequence.start(c["targets"], int(c["limit"]), float(c["rate"])),
            "untrace": lambda _: sequence.end(),
            "again": lambda c: messages.again(int(c["limit"]), float(c["rate"])),
            "window": lambda c: sequence.window(int(c["first"])),
            "sort": lambda c: top.sort(c["by"], c["filter"]),
        }
        return {kind: partial(self._then_touch, act) for kind, act in acts.items()}

    def _then_touch(self, act: Callable[[FromPicture], None], content: FromPicture) -> None:
        act(content)
        self._session.pace.touch()

    def _hello(self, content: FromPicture) -> None:
        self._views.setdefault(content["view"], True)
        self._resync(content)

    def _visible(self, content: FromPicture) -> None:
        self._views[content["view"]] = bool(content["visible"])
        self._look_again()

    def _bye(self, content: FromPicture) -> None:
        self._views.pop(content["view"], None)
        self._look_again()

    def _ack(self, content: FromPicture) -> None:
        self._in_flight = max(0, self._in_flight - 1)
        self._session.pace.touch()

    def _resync(self, content: FromPicture) -> None:
        self._in_flight = 0
        self.send({"type": "snapshot", "snapshot": self._picture.snapshot()})
        self._session.pace.touch()

    def _ping(self, content: FromPicture) -> None:
        self.send({"type": "pong", "t": content["t"], "view": content["view"]})

    def _open(self, content: FromPicture) -> None:
        self._picture.open(content["key"], bool(content["open"]))
        self._session.pace.touch()

    def _more(self, content: FromPicture) -> None:
        self._picture.more(content["key"])
        self._session.pace.touch()

    def _select(self, content: FromPicture) -> None:
        self._picture.select(content["key"])
        self._look_again()

    def _look(self, content: FromPicture) -> None:
        self._picture.look(content["centre"], content["tab"], content["dock"])
        self._look_again()

    def _look_again(self) -> None:
        """Trace and measure what is shown, and nothing when nobody looks."""
        if any(self._views.values()):
            slot, shown = self._picture.slot(self._picture.selected), self._picture.shown
            self._looks.look(shown.centre, shown.tab, slot.process if slot is not None else None)
        elif not self._views:
            self._looks.close()
        else:
            self._looks.top.show(False)
        self._session.pace.touch()

    def _search(self, content: FromPicture) -> None:
        total, keys = self._picture.search(content["text"])
        self.speak(0.0)  # the rows of the hits go before the answer
        self.send({"type": "found", "text": content["text"], "total": total, "keys": keys})

    def _scrub(self, content: FromPicture) -> None:
        self._picture.scrub(content["to"], float(content["value"]))
        self._session.pace.touch()

    def _command(self, content: FromPicture) -> None:
        name, pid, args = content["name"], content["pid"], content.get("args", {})
        if self._picture.moment is not None and name not in HALTING:
            self._answer(
                content["id"], False, f"this is event {self._picture.moment:,}, which is past: back to live first"
            )
        elif name in WISHES:
            slot = self._picture.slot(args.get("key", ""))
            wish = Wish(self._session.node, pid, slot, args, self._session.shell.user_ns)
            self._session.task(self._grant(content["id"], name, wish))
        else:
            self._answer(content["id"], *act(self._session.node, name, pid, args))

    async def _grant(self, id: str, name: str, wish: Wish) -> None:
        self._answer(id, *await grant(name, wish))

    def _answer(self, id: str, ok: bool, text: str) -> None:
        self.send({"type": "result", "id": id, "ok": ok, "text": text})
        self._session.pace.touch()

    # --- out --------------------------------------------------------------------------------------------------

    def wants(self) -> bool:
        """Somebody looks, and the last deltas were received."""
        return self._in_flight < _IN_FLIGHT and any(self._views.values())

    def speak(self, lag: float, cost: float = 0.0) -> bool:
        """Send a delta, if anything is new."""
        self._picture.lag, self._picture.cost = max(self._picture.lag, lag), cost
        try:
            delta = self._picture.delta()
        except Exception as error:  # noqa: BLE001  # an object of the user's may do anything when it is looked at
            self._failed(f"the kernel could not draw this: {type(error).__name__}: {error}")
            return False
        if delta is not None:
            self._in_flight += 1
            self.send(dict(delta))
            self._still.refresh()
        run = self._picture.timeline()
        for news in [*([dict(run)] if run is not None else []), *self._looks.news()]:
            self.send(news)
        return self._picture.busy() or self._looks.busy()

    def _blocked(self, blocking: Blocking, over: bool) -> None:
        """Something keeps the loop: say so from the watchdog's thread, nobody else can now."""
        if over:
            self._picture.blocked(blocking.pid)
            self._session.pace.touch()
        elif any(list(self._views.values())):
            pid = "" if blocking.pid is None else repr(blocking.pid)
            where, seconds = str(blocking.place), round(blocking.seconds, 1)
            self.send({"type": "blocking", "pid": pid, "name": blocking.title, "where": where, "seconds": seconds})

    def _failed(self, text: str) -> None:
        """Say what went wrong, once in a row."""
        if text != self._last_failure:
            self._last_failure = text
            self.send({"type": "result", "id": None, "ok": False, "text": text})

    def retire(self) -> None:
        """The runtime is gone: say so once, and stay as the last picture."""
        self._looks.close()
        if any(self._views.values()):
            self.speak(0.0)
        self.snapshot = dict(self._picture.snapshot())

    def close(self) -> None:
        """Take the widget away."""
        self._looks.close()
        self._closely.stop()
        if self in self._session.pace.pictures:
            self._session.pace.pictures.remove(self)
            self._watchdog.listeners.remove(self._blocked)
        super().close()

    # --- in the document --------------------------------------------------------------------------------------

    def _ipython_display_(self) -> None:
        """Show the live widget and, in notebooks, its still twin, which only shows where no live one does."""
        from IPython.display import display

        display(self._repr_mimebundle_()[0], raw=True)
        if hasattr(self._session.shell, "kernel"):
            self._still.show()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data["text/plain"] = self._picture.text()
        return data, metadata


def _text_or_none(content: Any, field: str) -> str | None:
    value = content.get(field) if isinstance(content, dict) else None
    return value if isinstance(value, str) else None


def _keep_routes_of_the_page(comm: Any) -> None:
    """Have ipykernel leave each message on the (sub)shell that the page chose, whatever published last."""
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default
