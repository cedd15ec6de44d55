// Is the kernel's loop turning? A ping a second while the view is in sight; the kernel answers from the loop itself,
// so a cell or a callback that blocks it also holds back the pong. Pure bookkeeping: the caller owns clock and wire.

export const PING_MS = 1000;

/** No pong for longer than this: the loop is held up. */
export const BLOCKED_MS = 1200;

/** A ping younger than this proves nothing: the page itself may have been busy and sent it late. */
export const GRACE_MS = 150;

export class Heartbeat {
  /** When the oldest unanswered ping left, or null when all were answered. */
  #waitingSince: number | null = null;
  #lastPing = Number.NEGATIVE_INFINITY;
  #lastPong: number;

  constructor(now: number) {
    this.#lastPong = now;
  }

  /** The last moment at which the loop was known to turn. */
  get lastPong(): number {
    return this.#lastPong;
  }

  /** Is it time for another ping? Notes it as sent when so. */
  beat(now: number): boolean {
    if (now - this.#lastPing < PING_MS) return false;
    this.#lastPing = now;
    this.#waitingSince ??= now;
    return true;
  }

  /** The answer to the ping of time `t` has come. It answers all before it too: the wire keeps their order. */
  answer(t: number, now: number): void {
    this.#lastPong = now;
    this.#waitingSince = t >= this.#lastPing ? null : this.#lastPing;
  }

  /** Something else came that only a turning loop sends. */
  heard(now: number): void {
    this.#lastPong = now;
  }

  isBlocked(now: number): boolean {
    if (this.#waitingSince === null || now - this.#waitingSince < GRACE_MS) return false;
    return now - this.#lastPong > BLOCKED_MS;
  }
}
