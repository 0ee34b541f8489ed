/** Short messages at the page's edge. A store of its own, so that anything may post one, on any page. */
export interface Toast {
  id: number
  title: string
  detail?: string
  tone: "plain" | "good" | "bad"
  action?: { label: string; run: () => void }
  durationMs: number
  /** Called once the toast is gone, unless its action was taken. */
  onGone?: () => void
}

const DURATION_MS = 6_000
const listeners = new Set<() => void>()
let toasts: readonly Toast[] = []
let lastId = 0

export function toast(wanted: Omit<Toast, "id" | "durationMs"> & { durationMs?: number }): number {
  lastId += 1
  change([...toasts, { durationMs: DURATION_MS, ...wanted, id: lastId }])
  return lastId
}

export function dismiss(id: number): void {
  take(id)?.onGone?.()
}

export function takeAction(id: number): void {
  take(id)?.action?.run()
}

/** Close all, as when the page goes away. */
export function dismissAll(): void {
  for (const { id } of toasts) dismiss(id)
}

export function currentToasts(): readonly Toast[] {
  return toasts
}

export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function take(id: number): Toast | undefined {
  const found = toasts.find((entry) => entry.id === id)
  if (found) change(toasts.filter((entry) => entry !== found))
  return found
}

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}
