// Every lifetime has one owner and one off-switch: a controller of ours that also follows the host's signal, if it gives
// one. anywidget before 0.9.21 gives none and calls the returned cleanup; newer ones do both.

export function lifetime(outer?: AbortSignal): AbortController {
  const own = new AbortController();
  if (outer?.aborted) own.abort();
  outer?.addEventListener("abort", () => own.abort(), { once: true, signal: own.signal });
  return own;
}
