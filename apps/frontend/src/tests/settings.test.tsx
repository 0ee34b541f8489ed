import { screen, waitFor, within } from "@testing-library/react"
import { expect, test, vi } from "vitest"
import { newLogin } from "../../mock/auth.ts"
import { PASSWORD } from "../../mock/state.ts"
import { address, openAs } from "./open"
import { api, HttpResponse, http, problem, server } from "./server"

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
const ada = () => {
  const [account] = api.state.accounts
  if (!account) throw new Error("the API has no account")
  return account
}

test("a saved profile shows at once, in the header too", async () => {
  const user = openAs("ada@example.org", "/settings/profile")
  const name = await screen.findByLabelText("Name")
  await user.clear(name)
  await user.type(name, "Ada King")
  await user.type(screen.getByLabelText("About you"), "Counts things.")
  await user.click(screen.getByRole("button", { name: "Save profile" }))
  expect(await screen.findByText("Profile saved")).toBeVisible()
  expect(screen.getAllByText("AK")).toHaveLength(2)
  expect(ada().me).toMatchObject({ display_name: "Ada King", bio: "Counts things.", avatar_url: null })
})

test("a picture's address must be https, and one from elsewhere shows as initials", async () => {
  const user = openAs("ada@example.org", "/settings/profile")
  const field = await screen.findByLabelText("Picture's address")
  expect(field).toHaveAccessibleDescription(/one from elsewhere shows as your initials/)
  await user.type(field, "http://images.example.org/ada.png")
  await user.click(screen.getByRole("button", { name: "Save profile" }))
  expect(field).toHaveAccessibleDescription(/^Use an address that begins with https/)
  await user.clear(field)
  await user.type(field, "https://images.example.org/ada.png")
  await user.click(screen.getByRole("button", { name: "Save profile" }))
  await screen.findByText("Profile saved")
  expect(document.querySelector("img")).toBeNull()
})

test("a new address waits for its mail, and the change can be cancelled", async () => {
  const user = openAs("ada@example.org", "/settings/email")
  await user.type(await screen.findByLabelText("New address"), "ada@new.example.org")
  await user.click(screen.getByRole("button", { name: "Change address" }))
  expect(await screen.findByText("ada@new.example.org")).toBeVisible()
  expect(api.state.mails.at(-1)).toMatchObject({ to: "ada@new.example.org", template: "change_email" })
  await user.click(screen.getByRole("button", { name: "Cancel the change" }))
  await waitFor(() => expect(screen.queryByText("ada@new.example.org")).not.toBeInTheDocument())
  expect(ada().me.pending_email).toBeNull()
})

test("an address that the API refuses is told at the field", async () => {
  const user = openAs("ada@example.org", "/settings/email")
  const field = await screen.findByLabelText("New address")
  await user.type(field, "taken@example.org")
  await user.click(screen.getByRole("button", { name: "Change address" }))
  await waitFor(() => expect(field).toHaveAccessibleDescription(/^This address is in use\./))
})

test("a wrong current password is told at its field, and the right one changes it", async () => {
  const user = openAs("ada@example.org", "/settings/password")
  const current = await screen.findByLabelText("Current password")
  await user.type(current, "not the password")
  await user.type(screen.getByLabelText("New password"), "four grey seals nap")
  await user.click(screen.getByRole("button", { name: "Change password" }))
  await waitFor(() => expect(current).toHaveAccessibleDescription("This is not the account's password."))
  await user.clear(current)
  await user.type(current, PASSWORD)
  await user.click(screen.getByRole("button", { name: "Change password" }))
  expect(await screen.findByText("Password changed")).toBeVisible()
  expect(current).toHaveValue("")
  expect(ada().password).toBe("four grey seals nap")
})

test("sessions are named by what they run on, and can be ended one by one", async () => {
  newLogin(api.state, ada(), IPHONE)
  const user = openAs("ada@example.org", "/settings/sessions")
  expect(await screen.findByText("Firefox on Linux")).toBeVisible()
  expect(screen.getByText("This device")).toBeVisible()
  await user.click(screen.getByRole("button", { name: "Sign out Safari on iPhone" }))
  await waitFor(() => expect(screen.queryByText("Safari on iPhone")).not.toBeInTheDocument())
  expect(await screen.findByText("Signed out there")).toBeVisible()
  expect(api.state.logins).toHaveLength(1)
})

test("a session that could not be ended comes back, with the reason", async () => {
  newLogin(api.state, ada(), IPHONE)
  server.use(http.delete("*/api/auth/sessions/:id", () => problem(503, "The database is away.")))
  const user = openAs("ada@example.org", "/settings/sessions")
  await user.click(await screen.findByRole("button", { name: "Sign out Safari on iPhone" }))
  expect(await screen.findByText("Signing out failed")).toBeVisible()
  expect(await screen.findByText("Safari on iPhone")).toBeVisible()
})

test("all other sessions end together", async () => {
  newLogin(api.state, ada(), IPHONE)
  newLogin(api.state, ada(), IPHONE)
  const user = openAs("ada@example.org", "/settings/sessions")
  await user.click(await screen.findByRole("button", { name: "Sign out everywhere else" }))
  await waitFor(() => expect(api.state.logins).toHaveLength(1))
  await waitFor(() => expect(screen.getAllByRole("listitem").length).toBeGreaterThan(0))
  expect(screen.queryByText("Safari on iPhone")).not.toBeInTheDocument()
})

/** jsdom's Blob has no text() yet. */
function textOf(blob: Blob | undefined): Promise<string> {
  const reader = new FileReader()
  const done = new Promise<string>((resolve) => {
    reader.onload = () => resolve(String(reader.result))
  })
  reader.readAsText(blob ?? new Blob())
  return done
}

test("an export tells how far it is, and ends in a file", async () => {
  const saved: Blob[] = []
  vi.stubGlobal(
    "URL",
    Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${saved.push(blob)}`, revokeObjectURL: vi.fn() }),
  )
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined)
  const user = openAs("ada@example.org", "/settings/privacy")
  await user.click(await screen.findByRole("button", { name: "Prepare an export" }))
  expect(await screen.findByText(/^(Waiting for a free worker|Collecting your data)…$/)).toBeVisible()
  await user.click(await screen.findByRole("button", { name: "Download" }))
  expect(click).toHaveBeenCalledOnce()
  expect(JSON.parse(await textOf(saved[0]))).toMatchObject({ account: { email: "ada@example.org" } })
  expect(address()).toBe(`/settings/privacy?job=${api.state.jobs[0]?.id}`)
})

test("a mail's link finds the export, and says when it is gone", async () => {
  openAs("ada@example.org", "/settings?job=0198c0de-7000-4000-8000-00000000abcd")
  expect(await screen.findByText(/^This export is gone/)).toBeVisible()
})

test("an export that failed says so", async () => {
  const id = "0198c0de-7000-4000-8000-00000000abcd"
  const failed = {
    id,
    kind: "export_account",
    status: "failed",
    created_at: "",
    finished_at: "",
    result: null,
    error: "No space.",
  }
  server.use(http.get("*/api/jobs/:id", () => HttpResponse.json(failed)))
  openAs("ada@example.org", `/settings/privacy?job=${id}`)
  expect(await screen.findByRole("alert")).toHaveTextContent("The export failed. No space.")
})

test("deleting the account asks for the password, shows its progress and ends outside", async () => {
  const user = openAs("ada@example.org", "/settings/privacy")
  await user.click(await screen.findByRole("button", { name: "Delete account" }))
  const dialog = within(screen.getByRole("dialog", { name: "Delete your account for good?" }))
  await user.type(dialog.getByLabelText("Password"), "not the password")
  await user.click(dialog.getByRole("button", { name: "Delete for good" }))
  const field = dialog.getByLabelText("Password")
  await waitFor(() => expect(field).toHaveAccessibleDescription("This is not the account's password."))
  await user.clear(field)
  await user.type(field, PASSWORD)
  await user.click(dialog.getByRole("button", { name: "Delete for good" }))
  expect(await screen.findByText("Deleting your account…")).toBeVisible()
  expect(await screen.findByRole("heading", { name: "Your account is deleted" })).toBeVisible()
  expect(screen.queryByRole("button", { name: "Account" })).not.toBeInTheDocument()
  expect(address()).toBe("/goodbye")
})
