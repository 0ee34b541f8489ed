import { useSyncExternalStore } from "react"

export type Theme = "light" | "dark"

const STORAGE_KEY = "slipway-theme" // also read by public/theme.js before the first paint
const listeners = new Set<() => void>()
const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)")

/** The theme that the page shows now. */
export function currentTheme(): Theme {
  return document.documentElement.classList.contains("dark") ? "dark" : "light"
}

/** Show a theme and remember it in this browser. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme)
  } catch (error) {
    // Blocked storage: the choice then lasts as long as the page.
    if (!(error instanceof DOMException)) throw error
  }
  show(theme)
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme)
}

function show(theme: Theme): void {
  document.documentElement.classList.toggle("dark", theme === "dark")
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  const followSystem = () => {
    if (storedTheme() === null) show(systemIsDark().matches ? "dark" : "light")
  }
  const media = systemIsDark()
  media.addEventListener("change", followSystem)
  listeners.add(listener)
  return () => {
    media.removeEventListener("change", followSystem)
    listeners.delete(listener)
  }
}

function storedTheme(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
