import { screen, waitFor } from "@testing-library/react"
import { expect, test, vi } from "vitest"
import { violations } from "./axe"
import { open, openAs, openTab } from "./open"
import { api, backToOrder, http, problem, server } from "./server"

const VISITOR_PAGES = {
  "/": "Launched, checked and under way.",
  "/login": "Log in",
  "/sign-up": "Create an account",
  "/check-your-mail": "Check your mail",
  "/forgot-password": "Forgot your password?",
  "/reset-password": "Open the link in your mail",
  "/reset-password#token=x": "Set a new password",
  "/verify-email": "Open the link in your mail",
  "/verify-email#token=x": "This address could not be confirmed",
  "/goodbye": "Your account is deleted",
  "/items": "Items",
  "/items?q=nothing": "Items",
  "/items/0198c0de-7000-4000-8000-00000000ffff": "This item is not here",
  "/no/such/page": "There is no page at this address.",
}
const MEMBER_PAGES = {
  "/dashboard": "Hello, Grace Hopper",
  "/items": "Items",
  "/items?owner=me": "Items",
  "/settings/profile": "Profile",
  "/settings/email": "Email",
  "/settings/password": "Password",
  "/settings/sessions": "Sessions",
  "/settings/privacy": "Privacy",
  "/users": "Users",
}

async function settled(heading: string) {
  await screen.findByRole("heading", { name: heading, level: 1 })
  await waitFor(() => expect(screen.queryByText(/^(Loading|Asking)/)).not.toBeInTheDocument())
}

test.each(Object.entries(VISITOR_PAGES))(
  "a visitor's page %s has no accessibility violation",
  async (path, heading) => {
    open(path)
    await settled(heading)
    expect(await violations()).toEqual([])
  },
)

test.each(Object.entries(MEMBER_PAGES))("a member's page %s has no accessibility violation", async (path, heading) => {
  openAs("grace@example.org", path)
  await settled(heading)
  expect(await violations()).toEqual([])
})

test("an item's page has no accessibility violation, with and without its dialog", async () => {
  const user = openAs("grace@example.org", `/items/${api.state.items[0]?.id}`)
  await settled("Brass lantern")
  expect(await violations()).toEqual([])
  await user.click(screen.getByRole("button", { name: "Edit" }))
  await screen.findByRole("dialog", { name: "Edit item" })
  expect(await violations()).toEqual([])
})

test("the account menu has no accessibility violation, and Escape closes it", async () => {
  const user = openAs("grace@example.org", "/dashboard")
  const button = await screen.findByRole("button", { name: "Account" })
  await user.click(button)
  expect(screen.getByRole("button", { name: "Sign out" })).toBeVisible()
  expect(await violations()).toEqual([])
  await user.keyboard("{Escape}")
  expect(button).toHaveAttribute("aria-expanded", "false")
  expect(button).toHaveFocus()
})

test("unknown address gives the not-found page, with a way home and a title", async () => {
  const user = open("/no/such/page")
  expect(await screen.findByRole("heading", { name: "There is no page at this address." })).toBeVisible()
  await waitFor(() => expect(document.title).toBe("Page not found · Slipway"))
  await user.click(screen.getByRole("link", { name: "Go to the start page" }))
  expect(await screen.findByRole("heading", { name: "Launched, checked and under way." })).toBeVisible()
  await waitFor(() => expect(document.title).toBe("Slipway"))
})

test("a page that cannot be loaded says why, with the request's id, and tries again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined) // React reports what the boundary catches
  vi.spyOn(console, "warn").mockImplementation(() => undefined)
  server.use(http.get("*/api/items/:id", () => problem(500, "The database said no.", { "X-Request-Id": "req-7" })))
  const user = open(`/items/${api.state.items[0]?.id}`)
  const alert = await screen.findByRole("alert")
  expect(alert).toHaveTextContent("The database said no.")
  expect(alert).toHaveTextContent("req-7")
  expect(await violations()).toEqual([])
  backToOrder()
  await user.click(screen.getByRole("button", { name: "Try again" }))
  expect(await screen.findByRole("heading", { name: "Brass lantern" })).toBeVisible()
})

test("theme button switches and is remembered", async () => {
  const user = open("/")
  await user.click(await screen.findByRole("button", { name: "Use the dark theme" }))
  expect(document.documentElement).toHaveClass("dark")
  expect(localStorage.getItem("slipway-theme")).toBe("dark")
  await user.click(screen.getByRole("button", { name: "Use the light theme" }))
  expect(document.documentElement).not.toHaveClass("dark")
})

test("first stop of the keyboard leads past the header", async () => {
  const user = open("/")
  await screen.findByRole("heading", { name: "Brass lantern" })
  await user.tab()
  expect(screen.getByRole("link", { name: "Skip to the content" })).toHaveFocus()
})

test("a new page takes the focus to its content", async () => {
  const { router } = openTab("/")
  await screen.findByRole("heading", { name: "Brass lantern" })
  await router.navigate({ to: "/items" })
  await screen.findByRole("heading", { name: "Items", level: 1 })
  await waitFor(() => expect(screen.getByRole("main")).toHaveFocus())
})
