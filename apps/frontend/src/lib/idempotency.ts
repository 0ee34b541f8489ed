/**
 * Make a source of Idempotency-Keys: the same content gets the same key, so that sending it again after a lost answer
 * has no second effect; other content gets another, since the API refuses one key for two contents.
 */
export function idempotencyKeys(): (content: object) => string {
  let last = { text: "", key: "" }
  return (content) => {
    const text = JSON.stringify(content)
    if (text !== last.text) last = { text, key: crypto.randomUUID() }
    return last.key
  }
}
