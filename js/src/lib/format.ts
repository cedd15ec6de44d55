// Numbers and times as a reader wants them. The locale is fixed: the picture's words are English, and tests read them.

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function count(value: number): string {
  return grouped.format(value);
}

/** `1 process`, `2 processes`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A rate with as many digits as it deserves: `0`, `0.4`, `12`, `18,240`. */
export function rate(value: number): string {
  if (value > 0 && value < 9.95) return String(Number(value.toFixed(1)));
  return count(value);
}

/** Seconds as milliseconds: `0 ms`, `0.4 ms`, `12 ms`, `1,600 ms`. */
export function milliseconds(seconds: number): string {
  const value = seconds * 1000;
  return `${value > 0 && value < 0.95 ? value.toFixed(1) : count(value)} ms`;
}

/** How long ago, coarser with age: `0.4 s`, `12 s`, `3 min`, `2 h`. */
export function age(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h`;
}

export function ago(ms: number): string {
  return `${age(ms)} ago`;
}
