import assert from "node:assert/strict";
import { test } from "node:test";
import { edgePath } from "../src/layout/edge.ts";
import { CARD_HEIGHT, sceneOf } from "../src/layout/scene.ts";
import { tidy } from "../src/layout/tidy.ts";
import { firstScale, wholeScale } from "../src/render/camera.ts";

const OPTIONS = { cousins: 1.25, lead: 3 };

type Tree = ReadonlyMap<string, readonly string[]>;

const tree = (families: Record<string, readonly string[]>): Tree =>
  new Map(Object.entries(families));

const many = (prefix: string, size: number) =>
  Array.from({ length: size }, (_, n) => `${prefix}${n}`);

/** A tree of any form, the same for the same seed. */
function grown(seed: number, size: number): Tree {
  const families = new Map<string, string[]>();
  const keys = [""];
  let state = seed;
  for (let n = 0; n < size; n += 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const parent = keys[state % keys.length] ?? "";
    families.set(parent, [...(families.get(parent) ?? []), `n${n}`]);
    keys.push(`n${n}`);
  }
  return families;
}

test("a few children stand around their parent", () => {
  const places = tidy(tree({ "": ["p"], p: ["a", "b", "c"] }), "", OPTIONS);

  assert.deepEqual(places.get("p"), { depth: 0, y: 1 });
  assert.deepEqual(
    ["a", "b", "c"].map((key) => places.get(key)),
    [0, 1, 2].map((y) => ({ depth: 1, y })),
  );
});

test("above a family of fifty the parent stays near the first child", () => {
  const places = tidy(tree({ "": ["p"], p: many("c", 50) }), "", OPTIONS);

  assert.equal(places.get("p")?.y, 3);
});

test("the leads of a tall tree do not add up: its root is in the first rows too", () => {
  const places = tidy(
    tree({ "": ["r"], r: ["p", "q"], p: many("c", 50), q: many("d", 50) }),
    "",
    OPTIONS,
  );

  assert.equal(places.get("r")?.y, 3);
});

test("whatever its form, a tree never overlaps itself, keeps its order and begins at 0", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const families = grown(seed, 80);
    const places = tidy(families, "", OPTIONS);
    const columns = new Map<number, number[]>();
    for (const { depth, y } of places.values()) {
      columns.set(depth, [...(columns.get(depth) ?? []), y]);
    }

    assert.equal(places.size, 80, `seed ${seed}`);
    assert.equal(Math.min(...[...places.values()].map(({ y }) => y)), 0, `seed ${seed}`);
    for (const ys of columns.values()) {
      ys.forEach((y, index) => {
        assert.ok(index === 0 || y - (ys[index - 1] ?? 0) >= 1 - 1e-9, `seed ${seed}`);
      });
    }
  }
});

test("a subtree fills the free space beside a leaf", () => {
  const places = tidy(tree({ "": ["p"], p: ["a", "b"], b: ["x", "y", "z"] }), "", OPTIONS);

  assert.equal((places.get("b")?.y ?? 0) - (places.get("a")?.y ?? 0), 1);
});

test("a new last child moves no sibling against another", () => {
  const before = sceneOf(tree({ "": ["p"], p: ["a", "b"] }));
  const after = sceneOf(tree({ "": ["p"], p: ["a", "b", "c"] }));
  const gap = (scene: typeof before) =>
    (scene.spots.get("b")?.y ?? 0) - (scene.spots.get("a")?.y ?? 0);

  assert.equal(gap(after), gap(before));
  assert.equal(after.spots.get("a")?.y, before.spots.get("a")?.y);
});

test("a scene lists parents before children, with ARIA's level and position", () => {
  const scene = sceneOf(tree({ "": ["p", "q"], p: ["a", "b"] }));

  assert.deepEqual([...scene.spots.keys()], ["p", "a", "b", "q"]);
  const { level, position, siblings, parent } = scene.spots.get("b") ?? assert.fail();
  assert.deepEqual(
    { level, position, siblings, parent },
    { level: 2, position: 2, siblings: 2, parent: "p" },
  );
});

test("an empty scene has no rows and is finite", () => {
  const scene = sceneOf(new Map());

  assert.equal(scene.spots.size, 0);
  assert.ok(Number.isFinite(scene.height));
});

test("an edge ends in the middle of the child and has the same commands up, down and straight", () => {
  const { spots } = sceneOf(tree({ "": ["p"], p: ["a", "b", "c"] }));
  const paths = ["a", "b", "c"].map((key) =>
    edgePath(spots.get("p") ?? assert.fail(), spots.get(key) ?? assert.fail()),
  );
  const commands = new Set(paths.map((path) => path.replace(/[^MLQ]/g, "")));

  assert.deepEqual([...commands], ["MLQLQL"]);
  const child = spots.get("c") ?? assert.fail();
  assert.ok(paths[2]?.endsWith(`L${child.x} ${child.y + CARD_HEIGHT / 2 + 0.5}`));
});

test("a small tree is shown whole, a large one legibly, and never larger than life", () => {
  const scene = (width: number, height: number) => ({ spots: new Map(), width, height });

  assert.equal(firstScale(scene(300, 100), 900, 400), 1);
  assert.equal(firstScale(scene(1000, 400), 900, 400), 0.9);
  assert.equal(firstScale(scene(800, 20_000), 900, 400), 1);
  assert.equal(wholeScale(scene(800, 20_000), 900, 400), 0.3);
});
