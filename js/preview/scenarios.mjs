// Worlds to look at, each for something that must look right.

/** @typedef {import("./world.mjs").World} World */

const NAMES = [
  "UA",
  "B6",
  "EV",
  "DL",
  "AA",
  "MQ",
  "US",
  "9E",
  "WN",
  "VX",
  "FL",
  "AS",
  "F9",
  "YV",
  "HA",
  "OO",
];

/** @param {World} world @param {number} carriers */
function flights(world, carriers) {
  const top = world.add({
    name: "flights",
    kind: "supervisor",
    cls: "Supervisor",
    sub: "one_for_one",
    intensity: [3, 5, []],
  });
  const reader = world.add({
    parent: top.key,
    name: "reader",
    cls: "Reader",
    sub: "Reader · row 118,204",
    status: "running",
    rate: 900,
  });
  const sup = world.add({
    parent: top.key,
    name: "carriers",
    kind: "supervisor",
    cls: "Supervisor",
    sub: `one_for_one · ${carriers} children`,
    intensity: [50, 5, []],
  });
  const replay = world.add({
    parent: top.key,
    name: "replay",
    kind: "statem",
    cls: "Replay",
    sub: "Replay · playing ×200",
  });
  const rows = NAMES.slice(0, carriers).map((name, index) =>
    world.add({
      parent: sup.key,
      name: `carrier ${name}`,
      cls: "Carrier",
      sub: `Carrier · ${(58_665 - index * 2115).toLocaleString("en-US")} rows`,
    }),
  );
  return { top, reader, sup, replay, rows };
}

/** @param {World} world @param {any[]} rows */
function traffic(world, rows) {
  world.every(250, () => {
    for (const row of rows) {
      if (row.status === "suspended" || row.pid === "") continue;
      row.rate = Math.max(0, row.rate + (world.random() - 0.45) * 400);
      row.mailbox = Math.floor(world.random() * 14);
      if (row.status !== "restarting") row.status = row.rate > 300 ? "running" : "waiting";
    }
  });
}

/** @type {Record<string, (world: World) => void>} */
export const SCENARIOS = {
  /** The mock-up's own: one crashing, one suspended with a long queue. */
  flights(world) {
    const { top, reader, rows, sup, replay } = flights(world, 12);
    traffic(world, [reader, ...rows.slice(0, 2), ...rows.slice(3, 4), ...rows.slice(5)]);
    const [, , ev, , aa] = rows;
    if (!ev || !aa) return;
    Object.assign(aa, { status: "suspended", mailbox: 1204, sub: "Carrier · suspended" });
    Object.assign(ev, { mailbox: 148, status: "running" });
    Object.assign(replay, { mailbox: 1000, limit: 1000, full: true, dropped: 12_408 });
    Object.assign(reader, { limit: 16 });
    for (const row of [top, reader, sup, replay, ...rows]) world.event("started", row);
    world.event("suspended", aa);
    world.event("output", reader, "118,204 rows read, 3 skipped");
    world.after(600, () => world.crash(ev));
    world.every(2600, () => world.crash(ev));
    world.after(400, () => world.crash(replay, "ValueError: no such flight"));
    world.every(1500, () =>
      world.event(
        "output",
        reader,
        `${(118_204 + Math.floor(world.now)).toLocaleString("en-US")} rows read`,
      ),
    );
  },

  one(world) {
    const row = world.add({ name: "counter", cls: "Counter", sub: "Counter" });
    world.event("started", row);
  },

  shop(world) {
    const top = world.add({
      name: "shop",
      kind: "supervisor",
      cls: "Supervisor",
      sub: "one_for_one · 2 children",
      intensity: [3, 5, []],
    });
    const rows = ["a", "b"].map((name) =>
      world.add({ parent: top.key, name, cls: "Counter", sub: "Counter" }),
    );
    world.add({
      parent: top.key,
      name: "a supervisor of a very long name indeed",
      kind: "registry",
      cls: "Registry",
      sub: "Registry · 1,000 names in use by everybody",
    });
    for (const row of [top, ...rows]) world.event("started", row);
    traffic(world, rows.slice(0, 1));
  },

  storm(world) {
    const { rows, reader, sup } = flights(world, 16);
    sup.intensity = [6, 5, []];
    traffic(world, [reader, ...rows]);
    world.every(420, () => {
      const row = rows[Math.floor(world.random() * rows.length)];
      if (row) world.crash(row, "ConnectionResetError: [Errno 104] Connection reset by peer", 200);
    });
  },

  /** A hundred children, five hundred restarts a second: for measuring. */
  restarts(world) {
    const sup = world.add({
      name: "storm",
      kind: "supervisor",
      cls: "Supervisor",
      sub: "one_for_one · 100 children",
      intensity: [100_000, 60, []],
    });
    const rows = Array.from({ length: 100 }, (_, n) =>
      world.add({ parent: sup.key, name: `s${n}`, cls: "Counter", sub: "Counter" }),
    );
    world.every(200, () => {
      for (const row of rows) world.crash(row, "RuntimeError: boom", 0);
    });
  },

  suspended(world) {
    const { rows, top } = flights(world, 5);
    world.event("started", top);
    const row = rows[2];
    if (row) Object.assign(row, { status: "suspended", mailbox: 25, sub: "Carrier · 25 queued" });
  },

  /** 300 visible rows in six families, and short-lived tasks. */
  many(world) {
    const top = world.add({
      name: "site",
      kind: "supervisor",
      cls: "Supervisor",
      sub: "one_for_one · 6 children",
      intensity: [3, 5, []],
    });
    const all = [];
    for (const part of ["web", "mail", "search", "cart", "stock", "audit"]) {
      const size = part === "cart" ? 1000 : 48;
      const sup = world.add({
        parent: top.key,
        name: part,
        kind: "supervisor",
        cls: "DynamicSupervisor",
        sub: `one_for_one · ${size} children`,
        intensity: [size, 5, []],
      });
      for (let n = 1; n <= size; n += 1)
        all.push(
          world.add({
            parent: sup.key,
            name: `${part} ${n}`,
            cls: "Worker",
            sub: "Worker",
            kind: n % 7 ? "server" : "agent",
          }),
        );
    }
    const shown = all.filter((_, index) => index % 3 === 0);
    traffic(world, shown);
    world.every(300, () =>
      world.crash(shown[Math.floor(world.random() * 40)] ?? all[0], "KeyError: 'sku'", 200),
    );
  },

  /** A thousand rows that all change at each frame: for measuring. */
  heavy(world) {
    for (let part = 0; part < 20; part += 1) {
      const sup = world.add({
        name: `pool ${part}`,
        kind: "supervisor",
        cls: "Supervisor",
        sub: "one_for_one",
        intensity: [3, 5, []],
      });
      for (let n = 1; n <= 49; n += 1)
        world.add({ parent: sup.key, name: `worker ${part}.${n}`, cls: "Worker", sub: "Worker" });
    }
    world.every(50, () => {
      for (const row of world.rows.values())
        Object.assign(row, {
          rate: world.random() * 1000,
          mailbox: Math.floor(world.random() * 90),
        });
    });
  },

  /** Tasks that come, end and fade. */
  tasks(world) {
    const sup = world.add({
      name: "jobs",
      kind: "supervisor",
      cls: "TaskSupervisor",
      sub: "one_for_one",
      intensity: [3, 5, []],
    });
    let n = 0;
    world.every(700, () => {
      n += 1;
      const row = world.add({
        parent: sup.key,
        name: `job ${n}`,
        kind: "task",
        cls: "Task",
        sub: "Task",
        status: "running",
      });
      world.event("started", row);
      world.after(2500, () =>
        world.remove(row, world.random() < 0.4 ? "ValueError: bad row" : "normal"),
      );
    });
  },

  /** Four nodes: one link cut, one cut one way, one held, traffic on the others. */
  cluster(world) {
    const names = ["nb@local", "paris", "oslo", "lima"];
    const nodes = names.map((name) =>
      world.add({
        key: `@${name}`,
        name,
        pid: "",
        kind: "node",
        cls: "Node",
        sub: "3 processes",
        status: name === "oslo" ? "cut" : "up",
      }),
    );
    const rows = nodes.flatMap((node, at) => {
      const sup = world.add({
        parent: node.key,
        name: ["desk", "orders", "stock", "audit"][at] ?? "",
        kind: "supervisor",
        cls: "Supervisor",
        sub: "one_for_one · 2 children",
        intensity: [3, 5, []],
      });
      return ["a", "b"].map((name) =>
        world.add({ parent: sup.key, name: `${sup.name} ${name}`, cls: "Worker", sub: "Worker" }),
      );
    });
    traffic(world, rows);
    for (const row of rows) world.event("started", row);
    world.network = names.flatMap((source) =>
      names
        .filter((goal) => goal !== source)
        .map((goal) => ({ source, goal, status: "open", flying: 0, rate: 0 })),
    );
    const way = (/** @type {string} */ a, /** @type {string} */ b) =>
      world.network.find(({ source, goal }) => source === a && goal === b);
    for (const [a, b] of [
      ["paris", "oslo"],
      ["oslo", "paris"],
      ["oslo", "lima"],
    ])
      way(a ?? "", b ?? "").status = "cut";
    for (const [a, b] of [
      ["nb@local", "lima"],
      ["lima", "nb@local"],
    ])
      Object.assign(way(a ?? "", b ?? ""), { status: "held", flying: 21 });
    world.every(500, () => {
      world.network = world.network.map((other) =>
        other.status === "open"
          ? { ...other, flying: Math.floor(world.random() * 6), rate: 40 }
          : other,
      );
    });
  },

  /** As many rows as a person may unfold. */
  huge(world) {
    for (let part = 0; part < 100; part += 1) {
      const sup = world.add({
        name: `shard ${part}`,
        kind: "supervisor",
        cls: "Supervisor",
        sub: "one_for_one · 49 children",
        intensity: [3, 5, []],
      });
      for (let n = 1; n <= 49; n += 1) {
        const row = world.add({
          parent: sup.key,
          name: `key ${part * 49 + n}`,
          cls: "Holder",
          sub: "Holder",
        });
        if (n % 9 === 0) row.status = "running";
        if (part % 17 === 3 && n % 7 === 2) row.status = "restarting";
      }
    }
    world.every(500, () => {
      for (const row of [...world.rows.values()].slice(0, 300)) row.rate = world.random() * 50;
    });
  },

  stopped(world) {
    flights(world, 3);
    world.after(500, () => {
      world.alive = false;
    });
  },
};
