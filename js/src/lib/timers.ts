// The page's clock and timers as a port, so that tests own the time.

export interface Timers {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls `work` every `ms` until `signal` is aborted. */
  every(ms: number, work: () => void, signal: AbortSignal): void;
}

export const pageTimers: Timers = {
  now: () => performance.now(),
  every(ms, work, signal) {
    if (signal.aborted) return;
    const timer = setInterval(work, ms);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  },
};
