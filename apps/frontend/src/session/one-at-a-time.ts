import { ApiError } from "@/api/errors"
import { csrfCookie } from "./cookie"

const NAME = "slipway-refresh"
const LONGEST_MS = 5_000
const LOOK_EVERY_MS = 50

/**
 * Run `refresh` while no other tab does. A refresh token works once, and the API takes a second use for a theft;
 * without Web Locks (an old browser) a rare double use costs the user a new sign-in, nothing else.
 */
export async function oneAtATime<T>(refresh: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return await refresh()
  return await navigator.locks.request(NAME, refresh)
}

/**
 * Run `send` with a note that it is under way. A page that is reloaded in the middle lets go of its lock while its
 * request still runs: the next page waits until the answer has changed the cookie.
 */
export async function noted<T>(send: (csrf: string) => Promise<T>): Promise<T | null> {
  await earlierPage()
  const csrf = csrfCookie()
  if (csrf === null) return null
  write(`${mark(csrf)} ${Date.now()}`)
  try {
    const answer = await send(csrf)
    write(null)
    return answer
  } catch (error) {
    // Without an answer the note stays: the API may have done its part. A page that goes away ends up here too.
    if (error instanceof ApiError && error.status !== null) write(null)
    throw error
  }
}

async function earlierPage(): Promise<void> {
  const [value, since] = (read() ?? "").split(" ")
  const until = Number(since) + LONGEST_MS
  const isUnderWay = () => {
    const csrf = csrfCookie()
    return csrf !== null && mark(csrf) === value && Date.now() < until
  }
  while (isUnderWay()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}

/** Enough to see a change by, too little to be of use. */
function mark(csrf: string): string {
  return csrf.slice(-6)
}

function read(): string | null {
  try {
    return localStorage.getItem(NAME)
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

function write(value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(NAME)
    else localStorage.setItem(NAME, value)
  } catch (error) {
    // Blocked storage: the note is a help, not a need.
    if (!(error instanceof DOMException)) throw error
  }
}
