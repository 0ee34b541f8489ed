import { screen, waitFor } from "@testing-library/react"
import { expect, test, vi } from "vitest"
import { cookie } from "../../mock/auth.ts"
import { PASSWORD } from "../../mock/state.ts"
import { address, open, openAs, openTab, signIn } from "./open"
import { api, backToOrder, HttpResponse, http, problem, server } from "./server"

const HELLO = { name: "Hello, Ada Lovelace" }

function countOf(path: string): () => number {
  let count = 0
  server.events.on("request:start", ({ request }) => {
    if (new URL(request.url).pathname === path) count += 1
  })
  return () => count
}

/** Locks as browsers have them: one holder at a time, in the order of asking. */
function stubLocks() {
  let last: Promise<unknown> = Promise.resolve()
  const request = vi.fn((_name: string, run: () => Promise<unknown>) => {
    const done = last.then(run)
    last = done.catch(() => undefined)
    return done
  })
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { locks: { request } }))
  return request
}

test("a reload keeps the session, at a deep link too", async () => {
  openAs("ada@example.org", "/settings/email")
  expect(await screen.findByRole("heading", { name: "Email" })).toBeVisible()
  expect(screen.getAllByText("ada@example.org").at(-1)).toBeVisible()
  expect(address()).toBe("/settings/email")
})

test("the access token is nowhere but in memory", async () => {
  const { login } = signIn("ada@example.org")
  open("/dashboard")
  await screen.findByRole("heading", HELLO)
  const kept = JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + document.body.innerHTML
  expect(kept).not.toContain(login.accessToken)
})

test("a visitor is asked to log in, and led to the page asked for", async () => {
  const user = open("/settings/sessions?x=1")
  expect(await screen.findByText("Sign in to go on to the page you asked for.")).toBeVisible()
  await user.type(screen.getByLabelText("Email"), "ada@example.org")
  await user.type(screen.getByLabelText("Password"), PASSWORD)
  await user.click(screen.getByRole("button", { name: "Log in" }))
  expect(await screen.findByRole("heading", { name: "Sessions" })).toBeVisible()
  expect(address()).toMatch(/^\/settings\/sessions/)
})

test.each(["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])(
  "after logging in nobody is led to %s",
  async (next) => {
    openAs("ada@example.org", `/login?next=${encodeURIComponent(next)}`)
    expect(await screen.findByRole("heading", HELLO)).toBeVisible()
    expect(address()).toBe("/dashboard")
  },
)

test("a refused access token is renewed once, and the request repeated", async () => {
  const user = openAs("ada@example.org", "/dashboard")
  await screen.findByRole("heading", HELLO)
  const refreshes = countOf("/api/auth/refresh")
  for (const login of api.state.logins) login.accessToken = "another"
  await user.click(screen.getByRole("button", { name: "Account" }))
  await user.click(screen.getByRole("link", { name: "Settings" }))
  await user.click(await screen.findByRole("link", { name: "Sessions" }))
  await user.click(await screen.findByRole("link", { name: "Profile" }))
  await user.click(await screen.findByRole("button", { name: "Save profile" }))
  expect(await screen.findByText("Profile saved")).toBeVisible()
  expect(refreshes()).toBe(1)
})

test("when the session is over, a notice says so and the log-in page comes", async () => {
  const user = openAs("ada@example.org", "/settings/profile")
  await screen.findByRole("heading", { name: "Profile" })
  api.state.logins = []
  await user.click(screen.getByRole("button", { name: "Save profile" }))
  expect(await screen.findByText("You have been signed out")).toBeVisible()
  expect(await screen.findByRole("heading", { name: "Log in" })).toBeVisible()
  expect(address()).toBe("/login?next=%2Fsettings%2Fprofile")
})

test("signing out ends the session at the API and leads home", async () => {
  const user = openAs("ada@example.org", "/dashboard")
  await user.click(await screen.findByRole("button", { name: "Account" }))
  await user.click(screen.getByRole("button", { name: "Sign out" }))
  expect(await screen.findByText("Signed out")).toBeVisible()
  expect(screen.getAllByRole("link", { name: "Log in" })[0]).toBeInTheDocument()
  expect(api.state.logins).toEqual([])
  expect(address()).toBe("/")
})

test("signing out in one tab signs out the others", async () => {
  signIn("ada@example.org")
  const other = openTab("/dashboard")
  await screen.findByRole("heading", HELLO)
  const { router } = openTab("/items")
  await waitFor(() => expect(router.options.context.session.state.status).toBe("member"))
  await router.options.context.session.signOut()
  await waitFor(() => expect(other.router.history.location.pathname).toBe("/login"))
})

test("tabs refresh one after the other, and one that waited takes what the first got", async () => {
  const request = stubLocks()
  const refreshes = countOf("/api/auth/refresh")
  signIn("ada@example.org")
  const first = openTab("/dashboard")
  const second = openTab("/dashboard")
  const tokens = () => [first, second].map(({ router }) => router.options.context.session)
  await waitFor(() => expect(screen.getAllByRole("heading", HELLO)).toHaveLength(2))
  expect(request).toHaveBeenCalledWith("slipway-refresh", expect.any(Function))
  expect(api.state.logins).toHaveLength(1)
  const before = refreshes()
  const [one, other] = tokens()
  const refused = await one?.token()
  const renewed = await Promise.all([one?.renew(refused ?? ""), one?.renew(refused ?? "")])
  expect(renewed[0]).toBe(renewed[1])
  expect(refreshes()).toBe(before + 1)
  await waitFor(async () => expect(await other?.token()).toBe(renewed[0]))
})

test("a page waits for the refresh that an earlier one left under way", async () => {
  const { login } = signIn("ada@example.org")
  localStorage.setItem("slipway-refresh", `${login.csrf.slice(-6)} ${Date.now()}`)
  login.csrf = "csrf-of-the-answer" // the API has rotated already: the old value would end the session
  open("/dashboard")
  await screen.findByText("Loading the page")
  // biome-ignore lint/suspicious/noDocumentCookie: it stands for the API's answer to the earlier page.
  document.cookie = cookie(login.csrf, 600)
  expect(await screen.findByRole("heading", HELLO)).toBeVisible()
  expect(localStorage.getItem("slipway-refresh")).toBeNull()
})

test("a refresh without an answer leaves a note: the API may have done its part", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined) // React reports what the boundary catches
  vi.spyOn(console, "warn").mockImplementation(() => undefined)
  server.use(http.post("*/api/auth/refresh", () => HttpResponse.error()))
  const { login } = signIn("ada@example.org")
  open("/dashboard")
  expect(await screen.findByRole("heading", { name: "No connection" })).toBeVisible()
  expect(localStorage.getItem("slipway-refresh")).toMatch(new RegExp(`^${login.csrf.slice(-6)} `))
})

test("an API that is away is no sign-out: the page says so, and goes on once it is back", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined) // React reports what the boundary catches
  vi.spyOn(console, "warn").mockImplementation(() => undefined)
  server.use(http.post("*/api/auth/refresh", () => problem(503, "The database is away.", { "X-Request-Id": "req-9" })))
  const user = openAs("ada@example.org", "/dashboard")
  const alert = await screen.findByRole("alert")
  expect(alert).toHaveTextContent("The database is away.")
  expect(alert).toHaveTextContent("req-9")
  backToOrder()
  await user.click(screen.getByRole("button", { name: "Try again" }))
  expect(await screen.findByRole("heading", HELLO)).toBeVisible()
})
