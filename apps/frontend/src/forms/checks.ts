/** What can be said of a field before the API is asked; undefined when nothing is wrong. */
export type Verdict = string | undefined

export const SHORTEST_PASSWORD = 10
export const LONGEST_PASSWORD = 128
export const LONGEST_NAME = 80

export function email(text: string): Verdict {
  if (text.trim() === "") return "Enter your email address."
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim()) ? undefined : "This does not look like an email address."
}

export function newPassword(text: string): Verdict {
  if (text.length < SHORTEST_PASSWORD) return `Use at least ${SHORTEST_PASSWORD} characters.`
  return text.length > LONGEST_PASSWORD ? `Use at most ${LONGEST_PASSWORD} characters.` : undefined
}

export function required(text: string, message: string): Verdict {
  return text.trim() === "" ? message : undefined
}

export function atMost(text: string, length: number): Verdict {
  return text.length > length ? `Use at most ${length} characters.` : undefined
}

/** Keep the verdicts that say something. */
export function verdicts<Name extends string>(found: Record<Name, Verdict>): Partial<Record<Name, string>> {
  return Object.fromEntries(Object.entries(found).filter(([, verdict]) => verdict !== undefined)) as Partial<
    Record<Name, string>
  >
}
