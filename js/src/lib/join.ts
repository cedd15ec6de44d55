// A keyed join: one element per item, made when its key first appears and kept for as long as the key stays, in the order
// of the items. Identity is what lets focus, selection and CSS transitions live through an update.

/** Makes the children fit the items, and gives the elements by key. */
export type Joined<T, E extends Element> = (items: readonly T[]) => ReadonlyMap<string, E>;

export interface JoinOptions<T, E extends Element> {
  readonly key: (item: T) => string;
  readonly create: (item: T) => E;
  readonly update: (element: E, item: T) => void;
  readonly remove?: (key: string) => void;
}

export function join<T, E extends Element>(
  parent: Element,
  options: JoinOptions<T, E>,
): Joined<T, E> {
  let elements: ReadonlyMap<string, E> = new Map();
  return (items) => {
    const next = matched(items, elements, options);
    // What goes goes first: else all that follows it would stand in the wrong place and be moved.
    for (const [key, element] of elements) {
      if (next.has(key)) continue;
      element.remove();
      options.remove?.(key);
    }
    arrange(parent, next.values());
    elements = next;
    return next;
  };
}

function matched<T, E extends Element>(
  items: readonly T[],
  elements: ReadonlyMap<string, E>,
  { key, create, update }: JoinOptions<T, E>,
): Map<string, E> {
  const next = new Map<string, E>();
  for (const item of items) {
    const id = key(item);
    const element = elements.get(id) ?? create(item);
    next.set(id, element);
    update(element, item);
  }
  return next;
}

/** Only what stands in the wrong place is moved: a moved element loses focus and restarts its animations. */
function arrange(parent: Element, elements: Iterable<Element>): void {
  let place = parent.firstElementChild;
  for (const element of elements) {
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}
