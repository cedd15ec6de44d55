// A world of processes for the fake kernel: who is there, and what a scenario can do to them. The same each time.

/**
 * @typedef {{key: string, parent: string, pid: string, name: string, kind: string, cls: string, sub: string,
 *   status: string, mailbox: number, rate: number, restarts: number, since: number, limit: number, full: boolean, dropped: number,
 *   intensity: [number, number, number[]] | null, exits: {pid: string, reason: string, at: number}[],
 *   children: number, open: boolean}} Row
 */

/** The processes, and what a scenario can do to them. */
export class World {
  constructor() {
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    /** @type {any[]} */
    this.events = [];
    /** @type {((ms: number) => void)[]} */
    this.steps = [];
    this.now = 60_000;
    this.crashes = 0;
    this.lag = 0.002;
    this.alive = true;
    this.network = /** @type {any[]} */ ([]);
    this.pids = 10;
    this.seed = 7;
    this.gone = /** @type {Map<string, string>} */ (new Map());
  }

  /** The same numbers each time. */
  random() {
    this.seed = (this.seed * 1103515245 + 12345) % 2147483648;
    return this.seed / 2147483648;
  }

  /** @param {number} ms @param {() => void} work */
  every(ms, work) {
    let due = this.now + ms;
    this.steps.push((now) => {
      for (; now >= due; due += ms) work();
    });
  }

  /** @param {number} ms @param {() => void} work */
  after(ms, work) {
    const due = this.now + ms;
    let done = false;
    this.steps.push((now) => {
      if (done || now < due) return;
      done = true;
      work();
    });
  }

  pid() {
    this.pids += 1;
    return `<nb.${this.pids}>`;
  }

  /** @param {Partial<Row> & {name: string}} row */
  add(row) {
    const key = row.key ?? `${row.parent ?? ""}/${row.name}`;
    /** @type {Row} */
    const whole = {
      key,
      parent: "",
      pid: this.pid(),
      kind: "server",
      cls: "Server",
      sub: "",
      status: "waiting",
      mailbox: 0,
      rate: 0,
      restarts: 0,
      intensity: null,
      exits: [],
      children: 0,
      since: 0,
      limit: 0,
      full: false,
      dropped: 0,
      open: true,
      ...row,
    };
    this.rows.set(key, whole);
    const parent = this.rows.get(whole.parent);
    if (parent) parent.children += 1;
    return whole;
  }

  /** @param {string} kind @param {Row} row @param {string} text */
  event(kind, row, text = "") {
    const n = (this.events.at(-1)?.n ?? 41_800) + 1;
    this.events.push({ n, at: this.now, kind, pid: row.pid, name: row.name, text });
    this.events = this.events.slice(-400);
  }

  /** Ends the process of a slot; its supervisor starts another `pause` ms later. @param {Row} row */
  crash(row, reason = "TypeError: dep_time is NA", pause = 300) {
    if (row.pid === "") return;
    this.crashes += 1;
    this.event("crashed", row, reason);
    row.exits = [{ pid: row.pid, reason, at: this.now }, ...row.exits].slice(0, 3);
    row.status = "restarting";
    const parent = this.rows.get(row.parent);
    if (parent?.intensity) {
      const [max, seconds, times] = parent.intensity;
      const fresh = times.filter((at) => this.now - at < seconds * 1000);
      parent.intensity = [max, seconds, [...fresh, this.now]];
    }
    this.after(pause, () => {
      row.pid = this.pid();
      row.restarts += 1;
      row.status = "running";
      this.event("restarted", row, `gen ${row.restarts + 1}`);
    });
  }

  /** @param {Row} row */
  remove(row, reason = "normal") {
    this.event(reason === "normal" ? "exited" : "killed", row, reason);
    this.rows.delete(row.key);
    this.gone.set(row.key, reason);
    const parent = this.rows.get(row.parent);
    if (parent) parent.children -= 1;
  }

  /** @param {number} now */
  step(now) {
    this.now = now;
    for (const step of this.steps) step(now);
  }
}
