import { HttpResponse, http } from "msw"
import type { Job, Me } from "../src/client/types.gen"
import { bodyOf, caller, fieldProblem, needsSignIn, nothing, page, problem } from "./answers.ts"
import { mail, refused } from "./auth.ts"
import { type Account, nextId, type State } from "./state.ts"

/** How often a job is asked for before it is done: queued, running, done. */
const POLLS_TO_RUN = 1
const POLLS_TO_DONE = 2

/** One's own account, its sessions and jobs, and the list of users. */
export function accountHandlers(state: State) {
  /** Answer members; others are asked to sign in. */
  const forMember = (answer: (user: Account, request: Request) => Response | Promise<Response>) => {
    return ({ request }: { request: Request }) => {
      const user = caller(state, request)
      return user ? answer(user, request) : needsSignIn()
    }
  }
  return [
    http.get(
      "*/api/users/me",
      forMember(({ me }) => HttpResponse.json(me)),
    ),
    http.patch(
      "*/api/users/me",
      forMember(async (user, request) => {
        const { email, ...rest } = (await bodyOf(request)) as Partial<Me>
        if (email === "taken@example.org") return fieldProblem(422, "email", "This address is in use.")
        Object.assign(user.me, rest)
        if (email !== undefined) user.me.pending_email = email
        if (email) mail(state, email, "change_email")
        return HttpResponse.json(user.me)
      }),
    ),
    http.post(
      "*/api/users/me/password",
      forMember(async (user, request) => {
        const { current_password, new_password } = await bodyOf(request)
        if (current_password !== user.password) return wrongPassword("current_password")
        const refusal = refused(new_password, "new_password")
        if (refusal) return refusal
        user.password = new_password ?? ""
        return nothing()
      }),
    ),
    http.get(
      "*/api/users",
      forMember(({ me }, request) => {
        if (!me.is_staff) return problem(403, "Only staff may see this.")
        const url = new URL(request.url)
        const part = (url.searchParams.get("q") ?? "").toLowerCase()
        const fits = state.accounts.filter(({ me: other }) =>
          `${other.email} ${other.display_name}`.toLowerCase().includes(part),
        )
        const { entries, next_cursor } = page(fits, url)
        const users = entries.map(({ me: other, isActive }) => ({ ...other, is_active: isActive }))
        return HttpResponse.json({ users, next_cursor })
      }),
    ),
    http.get(
      "*/api/auth/sessions",
      forMember(({ me }, request) => {
        const own = state.logins.filter(({ userId }) => userId === me.id)
        const sessions = own.map((login) => ({ ...login.session, current: isCurrent(login.accessToken, request) }))
        return HttpResponse.json({ sessions })
      }),
    ),
    http.post(
      "*/api/auth/sessions/revoke-others",
      forMember(({ me }, request) => {
        state.logins = state.logins.filter(
          ({ userId, accessToken }) => userId !== me.id || isCurrent(accessToken, request),
        )
        return nothing()
      }),
    ),
    http.delete("*/api/auth/sessions/:id", ({ request, params }) => {
      if (!caller(state, request)) return needsSignIn()
      state.logins = state.logins.filter(({ session }) => session.id !== params.id)
      return nothing()
    }),
    http.post(
      "*/api/privacy/export",
      forMember(({ me }) => startJob(state, me, "export_account")),
    ),
    http.post(
      "*/api/privacy/delete",
      forMember(async (user, request) => {
        const { password } = await bodyOf(request)
        return password === user.password ? startJob(state, user.me, "delete_account") : wrongPassword("password")
      }),
    ),
    http.get("*/api/jobs/:id", ({ request, params }) => {
      const user = caller(state, request)
      if (!user) return needsSignIn()
      const job = state.jobs.find(({ id, userId }) => id === params.id && userId === user.me.id)
      if (!job) return problem(404, "There is no such job.")
      advance(state, job, user)
      return HttpResponse.json(shown(job))
    }),
  ]
}

type Kept = State["jobs"][number]

function startJob(state: State, { id: userId }: Me, kind: Job["kind"]) {
  const created_at = new Date().toISOString()
  const times = { created_at, finished_at: null }
  const job: Kept = { id: nextId(), kind, status: "queued", ...times, result: null, error: null, userId, polls: 0 }
  state.jobs.push(job)
  return HttpResponse.json(shown(job), { status: 202, headers: { Location: `/api/jobs/${job.id}` } })
}

function advance(state: State, job: Kept, user: Account): void {
  job.polls += 1
  if (job.status === "failed" || job.polls < POLLS_TO_RUN) return
  job.status = job.polls < POLLS_TO_DONE ? "running" : "done"
  if (job.status === "running") return
  job.finished_at = new Date().toISOString()
  if (job.kind === "export_account") job.result = { account: user.me, items: state.items.length }
  else {
    state.accounts = state.accounts.filter((other) => other !== user)
    state.logins = state.logins.filter(({ userId }) => userId !== user.me.id)
  }
}

function shown({ userId: _, polls: __, ...job }: Kept): Job {
  return job
}

function wrongPassword(field: string) {
  return fieldProblem(403, field, "This is not the account's password.")
}

function isCurrent(accessToken: string, request: Request): boolean {
  return request.headers.get("Authorization") === `Bearer ${accessToken}`
}
