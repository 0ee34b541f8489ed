const NAME = "__Host-slipway_csrf"

/** The value that cookie-authenticated requests repeat in a header; null tells that nobody is signed in here. */
export function csrfCookie(): string | null {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${NAME}=`))
  return found ? found.slice(NAME.length + 1) : null
}
