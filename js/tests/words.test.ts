import assert from "node:assert/strict";
import { test } from "node:test";
import { Announcer, announcement, labelOf, moveFor } from "../src/a11y.ts";
import { shownEvents } from "../src/dock/events.ts";
import { chipsOf } from "../src/inspector/chips.ts";
import { endings } from "../src/inspector/why.ts";
import { sceneOf } from "../src/layout/scene.ts";
import { age, counted, milliseconds, rate } from "../src/lib/format.ts";
import { lifetime } from "../src/lib/lifetime.ts";
import { themeOf } from "../src/lib/theme.ts";
import { noticeText } from "../src/panels/notice.ts";
import { resultLines } from "../src/panels/results.ts";
import { ringDash } from "../src/render/ring.ts";
import { sparkPoints } from "../src/render/spark.ts";
import { NO_UI } from "../src/store/ui.ts";
import { event, row } from "./fixtures.ts";

test("numbers are grouped, and words agree with them", () => {
  assert.equal(counted(1, "process", "processes"), "1 process");
  assert.equal(counted(18_240, "crash", "crashes"), "18,240 crashes");
  assert.deepEqual([0, 0.42, 9.96, 18_240.4].map(rate), ["0", "0.4", "10", "18,240"]);
  assert.deepEqual([0, 0.0004, 0.002, 1.6].map(milliseconds), [
    "0 ms",
    "0.4 ms",
    "2 ms",
    "1,600 ms",
  ]);
});

test("an age is told the coarser the older it is", () => {
  assert.deepEqual([-5, 400, 9949, 12_900, 185_000, 7_300_000].map(age), [
    "0.0 s",
    "0.4 s",
    "9.9 s",
    "12 s",
    "3 min",
    "2 h",
  ]);
});

test("the host's own word on its theme goes before the reader's preference", () => {
  const signs = { jupyter: null, classes: "", site: null, prefersDark: true };

  assert.equal(themeOf(signs), "dark");
  assert.equal(themeOf({ ...signs, jupyter: "true" }), "light");
  assert.equal(themeOf({ ...signs, classes: "vscode-light" }), "light");
  assert.equal(
    themeOf({ ...signs, prefersDark: false, classes: "x vscode-high-contrast" }),
    "dark",
  );
  assert.equal(
    themeOf({ ...signs, classes: "vscode-high-contrast vscode-high-contrast-light" }),
    "light",
  );
  assert.equal(themeOf({ ...signs, prefersDark: false, site: "dark" }), "dark");
});

test("a blocked loop is named with its duration", () => {
  const link = { state: "blocked", since: 1000, heard: true, by: null } as const;

  assert.equal(
    noticeText(link, 4300),
    "a cell or callback is blocking the kernel's loop for 3 s — the picture waits",
  );
  const by = { type: "blocking", name: "till", where: "Till.add, line 3", seconds: 3 } as const;
  assert.equal(
    noticeText({ ...link, by: { ...by, pid: "<nb.4>" } }, 4300),
    "till is blocking the loop for 3 s — kill it here, or interrupt the kernel · Till.add, line 3",
  );
  assert.match(noticeText({ ...link, by: { ...by, pid: "" } }, 4300), /the picture waits/);
  assert.match(noticeText({ ...link, heard: false }, 20_000), /as it was saved/);
  assert.match(noticeText({ ...link, state: "stopped" }, 0), /%load_ext actorbook/);
  assert.equal(noticeText({ ...link, state: "live" }, 0), "");
});

test("a command is said to wait only after a second, and an error stays longer than a success", () => {
  const command = { id: "1", name: "kill", pid: "<nb.1>", label: "a", sentAt: 0 } as const;
  const outcome = (id: string, ok: boolean) => ({ id, ok, text: id, at: 0 });
  const ui = { ...NO_UI, pending: [command], outcomes: [outcome("2", true), outcome("3", false)] };
  const tones = (at: number) => resultLines(ui, at).map(({ tone }) => tone);

  assert.deepEqual(tones(500), ["ok", "error"]);
  assert.deepEqual(tones(1500), ["ok", "error", "waiting"]);
  assert.deepEqual(tones(8000), ["error", "waiting"]);
});

test("generations are counted back from the living one", () => {
  const exits = [2, 1].map((n) => ({ pid: `<nb.${n}>`, reason: "x", at: n, traceback: "" }));
  const numbers = (pid: string) =>
    endings(row("a", { pid, restarts: 2 }), exits).map(({ number }) => number);

  assert.deepEqual(numbers("<nb.3>"), [2, 1]);
  assert.deepEqual(numbers(""), [3, 2]);
});

test("chips tell status, crashes inside the parent's window, and the queue", () => {
  const exits = [9000, 1000].map((at) => ({ pid: "<nb.1>", reason: "ValueError", at }));
  const child = row("a", { status: "restarting", mailbox: 148, exits });
  const parent = row("s", { intensity: [3, 5, []] });

  const texts = chipsOf(child, parent, 9500).map(({ text }) => text);

  assert.deepEqual(texts, ["restarting", "1 crash in 5 s", "148 queued"]);
});

test("chips and label say that a mailbox is full, and how many found no room", () => {
  const full = row("a", { mailbox: 1000, limit: 1000, full: true, dropped: 1200 });

  const texts = chipsOf(full, undefined, 0).map(({ text }) => text);

  assert.deepEqual(texts, ["waiting", "1,000 of 1,000 queued · full", "1,200 found no room"]);
  assert.match(labelOf(full), /1,000 messages waiting of at most 1,000, mailbox full, 1,200 found/);
});

test("events are shown newest first, at most sixty, and by kind when asked", () => {
  const events = Array.from({ length: 80 }, (_, n) =>
    event(n, { kind: n % 8 ? "started" : "output" }),
  );

  assert.equal(shownEvents(events, "all").length, 60);
  assert.equal(shownEvents(events, "all")[0]?.n, 79);
  assert.deepEqual(
    shownEvents(events, "output")
      .slice(0, 2)
      .map(({ n }) => n),
    [72, 64],
  );
  assert.equal(shownEvents(events, "trouble").length, 0);
});

test("the ring is empty, half full and full with the budget", () => {
  const share = (used: number, max: number) => {
    const [on, around] = ringDash({ used, max, seconds: 5 }).split(" ").map(Number);
    return Math.round((100 * (on ?? 0)) / (around ?? 1));
  };

  assert.deepEqual(
    [share(0, 4), share(2, 4), share(9, 4), share(0, 0), share(1, 0)],
    [0, 50, 100, 0, 100],
  );
});

test("a sparkline ends at the right edge and its highest sample is on top", () => {
  const points = sparkPoints([0, 5, 10])
    .split(" ")
    .map((point) => point.split(",").map(Number));

  assert.deepEqual(points.at(-1), [46, 1]);
  assert.equal(points[0]?.[1], 12);
});

const rows = new Map(
  [
    row("s", { children: 2 }),
    row("a", { parent: "s" }),
    row("b", { parent: "s", children: 3, open: false }),
    row("m", { kind: "more", children: 40 }),
  ].map((item) => [item.key, item]),
);
const scene = sceneOf(
  new Map([
    ["", ["s", "m"]],
    ["s", ["a", "b"]],
  ]),
);
const move = (key: string, from: string) => moveFor(key, from, scene, rows);

test("arrows go up and down through what is drawn, Home and End to its ends", () => {
  assert.deepEqual(move("ArrowDown", "s"), { type: "focus", key: "a" });
  assert.deepEqual(move("ArrowUp", "m"), { type: "focus", key: "b" });
  assert.equal(move("ArrowUp", "s"), null);
  assert.deepEqual(
    [move("Home", "b"), move("End", "s")],
    [
      { type: "focus", key: "s" },
      { type: "focus", key: "m" },
    ],
  );
});

test("right opens a closed branch or enters an open one, left does the reverse", () => {
  assert.deepEqual(move("ArrowRight", "b"), { type: "open", key: "b", open: true });
  assert.deepEqual(move("ArrowRight", "s"), { type: "focus", key: "a" });
  assert.equal(move("ArrowRight", "a"), null);
  assert.deepEqual(move("ArrowLeft", "s"), { type: "open", key: "s", open: false });
  assert.deepEqual(move("ArrowLeft", "b"), { type: "focus", key: "s" });
  assert.equal(move("ArrowRight", "m"), null);
});

test("enter and space act, escape closes, and other keys are left alone", () => {
  assert.deepEqual(move("Enter", "a"), { type: "activate", key: "a" });
  assert.deepEqual(move(" ", "a"), { type: "activate", key: "a" });
  assert.deepEqual(move("Escape", "a"), { type: "close" });
  assert.equal(move("x", "a"), null);
});

test("a ghost is passed over by the arrows", () => {
  const living = new Map([...rows].filter(([key]) => key !== "a"));

  assert.deepEqual(moveFor("ArrowDown", "s", scene, living), { type: "focus", key: "b" });
});

test("a row's label tells what its card shows", () => {
  const exits = [{ pid: "<nb.1>", reason: "ValueError: no", at: 0 }];
  const label = labelOf(row("ev", { mailbox: 1, restarts: 2, status: "restarting", exits }));

  assert.equal(
    label,
    "ev, Counter, restarting, 1 message waiting, restarted 2 times, last ended with ValueError: no",
  );
});

test("one crash is told in full, several are counted", () => {
  const crash = (n: number) => event(n, { kind: "crashed", text: "ValueError: no" });

  assert.equal(announcement([crash(1)], 0), "p1 crashed ValueError: no");
  assert.equal(
    announcement([crash(1), crash(2), event(3, { kind: "restarted" })], 0),
    "2 crashes. p3 restarted",
  );
  assert.equal(announcement([crash(1), event(2)], 1), "");
});

test("news is said at most every two seconds, and nothing of it is lost", () => {
  const element = { textContent: "" };
  const announcer = new Announcer(element as HTMLElement);
  const crash = (n: number) => event(n, { kind: "crashed" });

  announcer.update([event(1)], 0);
  announcer.update([event(1), crash(2)], 100);
  assert.equal(element.textContent, "p2 crashed");
  announcer.update([event(1), crash(2), crash(3), crash(4)], 900);
  assert.equal(element.textContent, "p2 crashed");
  announcer.update([event(1), crash(2), crash(3), crash(4)], 2200);
  assert.equal(element.textContent, "2 crashes");
});

test("a lifetime ends with the host's signal, by its own switch, and without any signal at all", () => {
  const host = new AbortController();
  const [followed, own, alone] = [lifetime(host.signal), lifetime(host.signal), lifetime()];

  own.abort();
  assert.deepEqual([followed.signal.aborted, own.signal.aborted], [false, true]);
  host.abort();
  assert.equal(followed.signal.aborted, true);
  assert.equal(lifetime(host.signal).signal.aborted, true);
  assert.equal(alone.signal.aborted, false);
});
