import type { Item, Job, Me, Session } from "../src/client/types.gen"

export interface Account {
  me: Me
  password: string
  isActive: boolean
}

export interface Login {
  session: Session
  userId: string
  csrf: string
  accessToken: string
}

/** All that the stand-in for the API knows; tests look into it and change it. */
export interface State {
  accounts: Account[]
  items: Item[]
  logins: Login[]
  jobs: (Job & { userId: string; polls: number })[]
  /** Mails that would have been sent, newest last. */
  mails: { to: string; template: string; token: string }[]
  flags: Record<string, boolean>
  release: string
}

export const PASSWORD = "seven wet otters hum"
const DAY_MS = 86_400_000

let counter = 0

/** A UUID that tells nothing and never comes twice. */
export function nextId(): string {
  counter += 1
  return `0198c0de-7000-4000-8000-${counter.toString(16).padStart(12, "0")}`
}

export function account(email: string, display_name: string, facts: Partial<Me> = {}): Account {
  const me: Me = {
    id: nextId(),
    email,
    email_verified: true,
    pending_email: null,
    display_name,
    bio: "",
    avatar_url: null,
    is_staff: false,
    has_password: true,
    created_at: before(40 * DAY_MS),
    ...facts,
  }
  return { me, password: PASSWORD, isActive: true }
}

export function item(title: string, owner: Account | null, ageMs: number, description = ""): Item {
  const at = before(ageMs)
  const owner_id = owner?.me.id ?? null
  return { id: nextId(), owner_id, title, description, version: 1, created_at: at, updated_at: at }
}

export function before(ms: number): string {
  return new Date(Date.now() - ms).toISOString()
}

const NOUNS = [
  "lantern",
  "anchor chain",
  "sextant",
  "mooring line",
  "oar",
  "compass",
  "bell",
  "sail",
  "tiller",
  "chart",
]
const KINDS = ["Brass", "Old", "Tarred", "Spare", "Painted", "Folded", "Mended", "Salted"]

/** Two members and one of staff, with enough items for several pages. */
export function makeState(itemCount = 40): State {
  const ada = account("ada@example.org", "Ada Lovelace")
  const grace = account("grace@example.org", "Grace Hopper", { is_staff: true, created_at: before(400 * DAY_MS) })
  const linus = account("linus@example.org", "", { email_verified: false, created_at: before(2 * DAY_MS) })
  const accounts = [ada, grace, linus]
  const items = Array.from({ length: itemCount }, (_, number) => {
    const title = `${KINDS[number % KINDS.length]} ${NOUNS[number % NOUNS.length]}`
    const words = `${title}, number ${itemCount - number} in the boathouse. Dry it before it goes back to its hook.`
    return item(title, accounts[number % 3] ?? null, number * 5_400_000 + 60_000, number % 4 === 3 ? "" : words)
  })
  return { accounts, items, logins: [], jobs: [], mails: [], flags: {}, release: "20260102-030405-abc1234" }
}
