import { createMemoryHistory } from "@tanstack/react-router"
import { render } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { App } from "@/app"
import { makeRouter } from "@/router"
import { cookie, newLogin } from "../../mock/auth.ts"
import { api } from "./server"

const USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
const opened: ReturnType<typeof makeRouter>[] = []

/** Open the site at a path, as in a new tab. */
export function openTab(path: string) {
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }))
  opened.push(router)
  return { router, ...render(<App router={router} />) }
}

/** Open the site at a path; returns the one who uses it. */
export function open(path: string) {
  openTab(path)
  return userEvent.setup()
}

/** Sign in with this address, as an earlier visit would have left the browser. */
export function signIn(email: string) {
  const account = api.state.accounts.find(({ me }) => me.email === email)
  if (!account) throw new Error(`nobody has the address ${email}`)
  const login = newLogin(api.state, account, USER_AGENT)
  // biome-ignore lint/suspicious/noDocumentCookie: it stands for the API's answer.
  document.cookie = cookie(login.csrf, 600)
  return { account, login }
}

export function openAs(email: string, path: string) {
  signIn(email)
  return open(path)
}

/** The path and query that the address bar would show. */
export function address(): string {
  return opened.at(-1)?.history.location.href ?? ""
}

export function closeTabs(): void {
  for (const router of opened.splice(0)) router.options.context.session.close()
}
