"""When deltas go out: never more than twenty a second, none when nobody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actorbook.notebook.pace import Pace


class Host:
    """Virtual time: timers fire when it is moved."""

    def __init__(self) -> None:
        self.time = 0.0
        self.timers: list[tuple[float, Callable[[], None], list[bool]]] = []

    def later(self, seconds: float, call: Callable[[], None], context: Any = None) -> Any:
        cancelled: list[bool] = []
        self.timers.append((self.time + seconds, call, cancelled))
        return type("Handle", (), {"cancel": lambda self: cancelled.append(True)})()

    def move(self, seconds: float, on_step: Callable[[], None] = lambda: None) -> None:
        end = self.time + seconds
        while self.time < end:
            self.time = round(self.time + 0.001, 6)
            on_step()
            due = [timer for timer in self.timers if timer[0] <= self.time]
            self.timers = [timer for timer in self.timers if timer[0] > self.time]
            for _, call, cancelled in due:
                if not cancelled:
                    call()


class Viewed:
    """A picture that counts."""

    def __init__(self, host: Host, looked_at: bool = True) -> None:
        self.host = host
        self.looked_at = looked_at
        self.spoken: list[float] = []
        self.lags: list[float] = []

    def wants(self) -> bool:
        return self.looked_at

    def speak(self, lag: float, cost: float) -> bool:
        self.spoken.append(self.host.time)
        self.lags.append(lag)
        return False


def paced(*looked_at: bool) -> tuple[Host, Pace, list[Viewed]]:
    host = Host()
    pace = Pace(host, lambda: host.time)  # type: ignore[arg-type]
    pictures = [Viewed(host, seen) for seen in looked_at]
    pace.pictures.extend(pictures)
    return host, pace, pictures


def test_one_touch_is_one_delta_at_once() -> None:
    host, pace, [picture] = paced(True)
    pace.touch()
    host.move(1)

    assert len(picture.spoken) == 1
    assert picture.spoken[0] <= 0.002


def test_however_much_happens_there_are_at_most_twenty_a_second() -> None:
    host, pace, [picture] = paced(True)
    host.move(3, on_step=pace.touch)

    assert 55 <= len(picture.spoken) <= 61


def test_the_limit_holds_for_all_pictures_together_and_each_gets_its_turn() -> None:
    host, pace, pictures = paced(True, True, True)
    host.move(3, on_step=pace.touch)

    counts = [len(picture.spoken) for picture in pictures]
    assert sum(counts) <= 61
    assert min(counts) >= 18


def test_nothing_is_armed_when_nobody_looks() -> None:
    host, pace, [picture] = paced(False)
    host.move(1, on_step=pace.touch)

    assert picture.spoken == []
    assert host.timers == []


def test_a_loop_that_comes_late_is_lag() -> None:
    host, pace, [picture] = paced(True)
    pace.touch()
    host.time += 0.7
    host.move(0.01)

    assert 0.69 < picture.lags[0] < 0.72


def test_after_closing_nothing_is_left() -> None:
    host, pace, [picture] = paced(True)
    pace.touch()
    pace.close()
    host.move(1)

    assert picture.spoken == []
