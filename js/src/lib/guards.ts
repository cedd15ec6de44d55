// Runtime checks that also give the type: what a message looks like is written down once.

export type Guard<T> = (value: unknown) => value is T;

/** The type that a guard lets through. */
export type Is<G> = G extends Guard<infer T> ? T : never;

type Fields = Readonly<Record<string, Guard<unknown>>>;
type Shape<F extends Fields> = { readonly [K in keyof F]: Is<F[K]> };

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === "boolean";
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One of the given constants. */
export function oneOf<T extends string | number>(...choices: readonly T[]): Guard<T> {
  const known = new Set<unknown>(choices);
  return (value): value is T => known.has(value);
}

export function orNull<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}

export function listOf<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(guard);
}

export function recordOf<T>(guard: Guard<T>): Guard<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    isObject(value) && Object.values(value).every(guard);
}

/** A list of exactly three, each of its own type. */
export function triple<A, B, C>(a: Guard<A>, b: Guard<B>, c: Guard<C>): Guard<readonly [A, B, C]> {
  return (value): value is readonly [A, B, C] =>
    Array.isArray(value) && value.length === 3 && a(value[0]) && b(value[1]) && c(value[2]);
}

/** An object with at least these fields. Further ones are let through, so that a newer kernel may say more. */
export function shape<F extends Fields>(fields: F): Guard<Shape<F>> {
  const entries = Object.entries(fields);
  return (value): value is Shape<F> =>
    isObject(value) && entries.every(([name, guard]) => guard(value[name]));
}
