// Is an element in sight, and has its size changed? In sight: in the window (not scrolled away, not in a hidden tab of the application) on a visible page.

export function watchSight(
  element: Element,
  tell: (inSight: boolean) => void,
  signal: AbortSignal,
): void {
  let crossing = false;
  const report = () => tell(crossing && document.visibilityState === "visible");
  const observer = new IntersectionObserver((entries) => {
    crossing = entries.at(-1)?.isIntersecting ?? false;
    report();
  });
  observer.observe(element);
  document.addEventListener("visibilitychange", report, { signal });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

export function watchSize(element: Element, tell: () => void, signal: AbortSignal): void {
  const observer = new ResizeObserver(tell);
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
