import { HttpResponse, http } from "msw"
import type { TokenAnswer } from "../src/client/types.gen"
import { bodyOf, caller, fieldProblem, needsSignIn, nothing, problem } from "./answers.ts"
import { type Account, account, type Login, nextId, type State } from "./state.ts"

const MONTH_S = 2_592_000

/** Signing up, in and out, and everything that goes by mail. */
export function authHandlers(state: State) {
  return [
    http.post("*/api/auth/register", async ({ request }) => {
      const { email, password, display_name } = await bodyOf(request)
      const refusal = refused(password)
      if (refusal) return refusal
      if (!find(state, email)) {
        const made = {
          ...account(email ?? "", display_name ?? "", { email_verified: false }),
          password: password ?? "",
        }
        state.accounts.push(made)
        mail(state, made.me.email, "verify_email")
      }
      return HttpResponse.json({ email }, { status: 201 })
    }),
    http.post("*/api/auth/login", async ({ request }) => {
      const { email, password } = await bodyOf(request)
      const found = find(state, email)
      if (found?.password !== password || !found) {
        return problem(401, "No account can be signed in to with this email and password.")
      }
      return signedIn(found, newLogin(state, found, request.headers.get("User-Agent") ?? ""))
    }),
    http.post("*/api/auth/refresh", ({ request }) => {
      const login = loginOf(state, request)
      const found = state.accounts.find(({ me }) => me.id === login?.userId)
      if (!login || !found) return needsSignIn()
      Object.assign(login, secrets())
      return signedIn(found, login)
    }),
    http.post("*/api/auth/logout", ({ request }) => {
      const login = loginOf(state, request)
      state.logins = state.logins.filter((other) => other !== login)
      return new HttpResponse(null, { status: 204, headers: { "Set-Cookie": cookie("", 0) } })
    }),
    http.post("*/api/auth/verify-email", async ({ request }) => {
      const { token } = await bodyOf(request)
      const sent = spend(state, token)
      const found = state.accounts.find(({ me }) => me.email === sent?.to || me.pending_email === sent?.to)
      if (!sent || !found) return fieldProblem(400, "token", "This token is unknown, was used before or has expired.")
      Object.assign(found.me, { email: sent.to, email_verified: true, pending_email: null })
      return nothing()
    }),
    http.post("*/api/auth/resend-verification", ({ request }) => {
      const found = caller(state, request)
      if (!found) return needsSignIn()
      mail(state, found.me.email, "verify_email")
      return nothing(202)
    }),
    http.post("*/api/auth/forgot-password", async ({ request }) => {
      const { email } = await bodyOf(request)
      if (find(state, email)) mail(state, email ?? "", "reset_password")
      return nothing(202)
    }),
    http.post("*/api/auth/reset-password", async ({ request }) => {
      const { token, password } = await bodyOf(request)
      const refusal = refused(password)
      if (refusal) return refusal
      const found = find(state, spend(state, token)?.to)
      if (!found) return fieldProblem(400, "token", "This token is unknown, was used before or has expired.")
      found.password = password ?? ""
      state.logins = state.logins.filter(({ userId }) => userId !== found.me.id)
      return nothing()
    }),
  ]
}

/** Sign an account in, as its browser would be after a log-in. */
export function newLogin(state: State, { me }: Account, userAgent: string): Login {
  const now = new Date().toISOString()
  const expires_at = new Date(Date.now() + MONTH_S * 1000).toISOString()
  const session = {
    id: nextId(),
    created_at: now,
    last_used_at: now,
    expires_at,
    user_agent: userAgent,
    ip: "192.0.2.7",
  }
  const login = { session: { ...session, current: false }, userId: me.id, ...secrets() }
  state.logins.push(login)
  return login
}

export function mail(state: State, to: string, template: string): void {
  state.mails.push({ to, template, token: nextId() })
}

/** The words of the API for a password that it does not take. */
export function refused(password: string | null | undefined, field = "password") {
  return password?.startsWith("password")
    ? fieldProblem(422, field, "This is one of the passwords that are tried first.")
    : null
}

export function cookie(csrf: string, maxAgeS: number): string {
  return `__Host-slipway_csrf=${csrf}; Path=/; Secure; SameSite=Strict; Max-Age=${maxAgeS}`
}

function secrets() {
  return { csrf: `csrf-${nextId()}`, accessToken: `token-${nextId()}` }
}

function signedIn({ me }: Account, login: Login) {
  const answer: TokenAnswer = { access_token: login.accessToken, token_type: "Bearer", expires_in: 600, user: me }
  return HttpResponse.json(answer, { headers: { "Set-Cookie": cookie(login.csrf, MONTH_S) } })
}

function loginOf(state: State, request: Request): Login | undefined {
  return state.logins.find(({ csrf }) => csrf === request.headers.get("X-CSRF-Token"))
}

function find(state: State, email: string | null | undefined): Account | undefined {
  return state.accounts.find(({ me }) => me.email === email?.toLowerCase())
}

function spend(state: State, token: string | null | undefined) {
  const sent = state.mails.find((other) => other.token === token)
  state.mails = state.mails.filter((other) => other !== sent)
  return sent
}
