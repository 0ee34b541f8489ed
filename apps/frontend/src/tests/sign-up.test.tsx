import { screen, waitFor } from "@testing-library/react"
import { expect, test } from "vitest"
import { PASSWORD } from "../../mock/state.ts"
import { address, open, openAs, openTab } from "./open"
import { api, backToOrder, HttpResponse, http, problem, server } from "./server"

type Visitor = ReturnType<typeof open>

async function fillIn(user: Visitor, email: string, password: string) {
  await user.type(await screen.findByLabelText("Email"), email)
  await user.type(screen.getByLabelText("Password"), password)
}

test("signing up leads to the mail, whose link confirms the address, and to the dashboard", async () => {
  const user = open("/sign-up")
  await user.type(await screen.findByLabelText("Name"), "Joan Clarke")
  await fillIn(user, "joan@example.org", PASSWORD)
  await user.click(screen.getByRole("button", { name: "Sign up" }))
  expect(await screen.findByRole("heading", { name: "Check your mail" })).toBeVisible()
  expect(screen.getByText("joan@example.org")).toBeVisible()

  const { router, unmount } = openTab(`/verify-email#token=${api.state.mails.at(-1)?.token}`)
  expect(await screen.findByRole("heading", { name: "Your address is confirmed" })).toBeVisible()
  expect(router.history.location.href).toBe("/verify-email")
  unmount()
  await user.click(screen.getAllByRole("link", { name: "Log in" }).at(-1) as HTMLElement)
  await fillIn(user, "Joan@Example.org", PASSWORD)
  await user.click(screen.getByRole("button", { name: "Log in" }))
  expect(await screen.findByRole("heading", { name: "Hello, Joan Clarke" })).toBeVisible()
  expect(screen.queryByText("Confirm your address")).not.toBeInTheDocument()
})

test("what is missing is said at the fields, and the first of them has the focus", async () => {
  const user = open("/sign-up")
  await user.click(await screen.findByRole("button", { name: "Sign up" }))
  const email = screen.getByLabelText("Email")
  expect(email).toHaveAccessibleDescription("Enter your email address.")
  expect(email).toBeInvalid()
  expect(screen.getByLabelText("Password")).toHaveAccessibleDescription(/^Use at least 10 characters\./)
  expect(email).toHaveFocus()
  await user.type(email, "a")
  expect(email).not.toHaveAccessibleDescription()
})

test("what the API refuses is said at the field that it names", async () => {
  const user = open("/sign-up")
  await fillIn(user, "joan@example.org", "password1234")
  await user.click(screen.getByRole("button", { name: "Sign up" }))
  const password = screen.getByLabelText("Password")
  await waitFor(() => expect(password).toBeInvalid())
  expect(password).toHaveAccessibleDescription(/^This is one of the passwords that are tried first\./)
  expect(password).toHaveFocus()
})

test("sending again after a lost answer uses the same key, and other content another", async () => {
  const keys: (string | null)[] = []
  server.use(
    http.post("*/api/auth/register", ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"))
      return keys.length < 3 ? HttpResponse.error() : HttpResponse.json({ email: "x" }, { status: 201 })
    }),
  )
  const user = open("/sign-up")
  await fillIn(user, "joan@example.org", PASSWORD)
  const button = screen.getByRole("button", { name: "Sign up" })
  await user.click(button)
  expect(await screen.findByRole("alert")).toHaveTextContent("The API could not be reached.")
  await user.click(button)
  await waitFor(() => expect(keys).toHaveLength(2))
  await screen.findByRole("alert")
  await user.type(screen.getByLabelText("Password"), "!")
  await user.click(button)
  await screen.findByRole("heading", { name: "Check your mail" })
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).not.toBe(keys[0])
})

test("a password can be shown and hidden", async () => {
  const user = open("/login")
  const password = await screen.findByLabelText("Password")
  expect(password).toHaveAttribute("type", "password")
  await user.click(screen.getByRole("button", { name: "Show password" }))
  expect(password).toHaveAttribute("type", "text")
})

test("a wrong password is told without saying which part was wrong", async () => {
  const user = open("/login")
  await fillIn(user, "ada@example.org", "not the password")
  await user.click(screen.getByRole("button", { name: "Log in" }))
  expect(await screen.findByRole("alert")).toHaveTextContent("No account can be signed in to")
  expect(screen.getByLabelText("Email")).toHaveValue("ada@example.org")
})

test("too many tries tell how long to wait", async () => {
  server.use(http.post("*/api/auth/login", () => problem(429, "Too many requests.", { "Retry-After": "840" })))
  const user = open("/login")
  await fillIn(user, "ada@example.org", PASSWORD)
  await user.click(screen.getByRole("button", { name: "Log in" }))
  expect(await screen.findByRole("alert")).toHaveTextContent("Too many requests. Try again in 14 minutes.")
})

test("a forgotten password is set anew by the link of a mail", async () => {
  const user = open("/forgot-password")
  await user.type(await screen.findByLabelText("Email"), "ada@example.org")
  await user.click(screen.getByRole("button", { name: "Send the link" }))
  expect(await screen.findByRole("heading", { name: "Check your mail" })).toBeVisible()

  openTab(`/reset-password#token=${api.state.mails.at(-1)?.token}`)
  await user.type(await screen.findByLabelText("New password"), "four grey seals nap")
  expect(address()).toBe("/reset-password")
  await user.click(screen.getByRole("button", { name: "Set the password" }))
  expect(await screen.findByRole("heading", { name: "Your password is set" })).toBeVisible()
  expect(api.state.accounts[0]?.password).toBe("four grey seals nap")
})

test("a used link says so and offers another", async () => {
  const user = open("/reset-password#token=used")
  await user.type(await screen.findByLabelText("New password"), "four grey seals nap")
  await user.click(screen.getByRole("button", { name: "Set the password" }))
  expect(await screen.findByRole("alert")).toHaveTextContent("This link was used before, or it is too old.")
  await user.click(screen.getByRole("link", { name: "Ask for a new link" }))
  expect(await screen.findByRole("heading", { name: "Forgot your password?" })).toBeVisible()
})

test("a link that confirms nothing any more offers the way to another", async () => {
  const user = open("/verify-email#token=used")
  expect(await screen.findByRole("alert")).toHaveTextContent("This link was used before, or it is too old.")
  await user.click(screen.getByRole("link", { name: "Log in to get a new mail" }))
  expect(await screen.findByRole("heading", { name: "Log in" })).toBeVisible()
})

test("a confirmation that the API could not take can be tried again", async () => {
  server.use(http.post("*/api/auth/verify-email", () => problem(500, "Something broke.", { "X-Request-Id": "req-3" })))
  const user = openAs("linus@example.org", "/dashboard")
  await user.click(await screen.findByRole("button", { name: "Send the mail again" }))
  await waitFor(() => expect(api.state.mails).toHaveLength(1))
  openTab(`/verify-email#token=${api.state.mails[0]?.token}`)
  expect(await screen.findByRole("alert")).toHaveTextContent("req-3")
  backToOrder()
  await user.click(screen.getByRole("button", { name: "Try again" }))
  expect(await screen.findByRole("heading", { name: "Your address is confirmed" })).toBeVisible()
})

test("whoever is not confirmed is reminded, and can have the mail again", async () => {
  const user = openAs("linus@example.org", "/dashboard")
  await user.click(await screen.findByRole("button", { name: "Send the mail again" }))
  expect(await screen.findByText("Mail sent")).toBeVisible()
  expect(api.state.mails.at(-1)).toMatchObject({ to: "linus@example.org", template: "verify_email" })
})

test("a link that is opened while signed in takes the reminder away", async () => {
  const user = openAs("linus@example.org", "/dashboard")
  await user.click(await screen.findByRole("button", { name: "Send the mail again" }))
  await waitFor(() => expect(api.state.mails).toHaveLength(1))
  openTab(`/verify-email#token=${api.state.mails[0]?.token}`)
  expect(await screen.findByRole("heading", { name: "Your address is confirmed" })).toBeVisible()
  await waitFor(() => expect(screen.queryByText("Confirm your address")).not.toBeInTheDocument())
})

test("the way in by Google is offered where the deployment has one", async () => {
  open("/login")
  await screen.findByRole("heading", { name: "Log in" })
  expect(screen.queryByRole("link", { name: "Continue with Google" })).not.toBeInTheDocument()
  api.state.flags.google_sign_in = true
  backToOrder()
  openTab("/login")
  const link = await screen.findByRole("link", { name: "Continue with Google" })
  expect(link).toHaveAttribute("href", "/api/auth/google/start")
})
