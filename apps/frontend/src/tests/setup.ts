import "@testing-library/jest-dom/vitest"
import { cleanup, configure } from "@testing-library/react"
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest"
import { dropToken } from "@/lib/link-token"
import { dismissAll } from "@/lib/toasts"
import { cookie } from "../../mock/auth.ts"
import { closeTabs } from "./open"
import { freshApi, server } from "./server"

// Generous, so that a busy machine makes a test slow and not red.
configure({ asyncUtilTimeout: 10_000 })

beforeAll(() => server.listen({ onUnhandledRequest: "error" }))
afterAll(() => server.close())

beforeEach(() => {
  dismissAll()
  freshApi()
  document.documentElement.lang = "en"
  // jsdom has none of these; they are told apart by the tests that need them.
  vi.stubGlobal("scrollTo", () => undefined)
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }))
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function close() {
    this.open = false
  }
})

afterEach(() => {
  dismissAll() // carries out what waits for its notice to go
  cleanup()
  closeTabs()
  dropToken("/verify-email")
  dropToken("/reset-password")
  // biome-ignore lint/suspicious/noDocumentCookie: it stands for the API's answer.
  document.cookie = cookie("", 0)
  localStorage.clear()
  document.documentElement.classList.remove("dark")
  vi.unstubAllGlobals()
})
