import { isStatus } from "@/api/errors"
import type { TokenSource } from "@/api/transport"
import { logout, refreshSession } from "@/client/sdk.gen"
import type { Me, TokenAnswer } from "@/client/types.gen"
import { csrfCookie } from "./cookie"
import { noted, oneAtATime } from "./one-at-a-time"

/** A token this close to its end is renewed before it is used. */
const LEEWAY_MS = 20_000
const CHANNEL = "slipway-session"

export type SessionState =
  | { status: "unknown"; user: null }
  | { status: "visitor"; user: null; wasMember: boolean }
  | { status: "member"; user: Me }

type Message = { kind: "in"; answer: TokenAnswer } | { kind: "out" } | { kind: "user"; user: Me }

/** Who uses this browser. The access token lives here, in memory only; every tab of the site has the same session. */
export class Session implements TokenSource {
  /** Set while the account is being deleted: the end of the session is then what was asked for. */
  isParting = false
  #state: SessionState = { status: "unknown", user: null }
  #token: string | null = null
  #expiresAt = 0
  #restoring: Promise<void> | null = null
  readonly #listeners = new Set<() => void>()
  readonly #channel = new BroadcastChannel(CHANNEL)

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data)
  }

  get state(): SessionState {
    return this.#state
  }

  readonly snapshot = (): SessionState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Find out who is here, once; without the cookie that goes with a session nothing is asked. */
  restore(): Promise<void> {
    this.#restoring ??= this.#restore().catch((error: unknown) => {
      this.#forget(false)
      this.#restoring = null
      throw error
    })
    return this.#restoring
  }

  async token(): Promise<string | null> {
    await this.restore()
    if (this.#token === null || Date.now() < this.#expiresAt - LEEWAY_MS) return this.#token
    return await this.renew(this.#token)
  }

  renew(refused: string | null): Promise<string | null> {
    return oneAtATime(async () => {
      // Another request, or another tab, was first.
      if (this.#token !== null && this.#token !== refused) return this.#token
      return await this.#refresh()
    })
  }

  /** Take the answer to a sign-in, here and in the other tabs. */
  enter(answer: TokenAnswer): void {
    this.#accept(answer)
    this.#channel.postMessage({ kind: "in", answer } satisfies Message)
  }

  update(user: Me): void {
    this.#become({ status: "member", user })
    this.#channel.postMessage({ kind: "user", user } satisfies Message)
  }

  /** End the session at the API, then here and in the other tabs. */
  async signOut(): Promise<void> {
    await oneAtATime(async () => {
      const csrf = csrfCookie()
      if (csrf !== null) await logout({ headers: { "X-CSRF-Token": csrf } }).catch(unlessOver)
    })
    this.leave(false)
  }

  /** Forget the user in every tab; `wasMember` tells pages that the session ended by itself. */
  leave(wasMember: boolean): void {
    this.#forget(wasMember)
    this.#channel.postMessage({ kind: "out" } satisfies Message)
  }

  close(): void {
    this.#channel.close()
    this.#listeners.clear()
  }

  async #restore(): Promise<void> {
    if (csrfCookie() === null) this.#forget(false)
    else await this.renew(null)
  }

  async #refresh(): Promise<string | null> {
    const had = this.#token !== null
    try {
      const answer = await noted((csrf) => refreshSession({ headers: { "X-CSRF-Token": csrf }, keepalive: true }))
      if (answer === null) this.leave(had)
      else this.enter(answer.data)
    } catch (error) {
      unlessOver(error)
      this.leave(had)
    }
    return this.#token
  }

  #hear(message: Message): void {
    if (message.kind === "in") this.#accept(message.answer)
    else if (message.kind === "out") this.#forget(this.#token !== null)
    else if (this.#state.status === "member") this.#become({ status: "member", user: message.user })
  }

  #accept(answer: TokenAnswer): void {
    this.#token = answer.access_token
    this.#expiresAt = Date.now() + answer.expires_in * 1000
    this.#restoring = Promise.resolve()
    this.#become({ status: "member", user: answer.user })
  }

  #forget(wasMember: boolean): void {
    this.#token = null
    this.#restoring = Promise.resolve()
    this.#become({ status: "visitor", user: null, wasMember: wasMember && !this.isParting })
  }

  #become(state: SessionState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** The API no longer knows the session: an answer, not a failure. */
function unlessOver(error: unknown): void {
  if (!isStatus(error, 401) && !isStatus(error, 403)) throw error
}
