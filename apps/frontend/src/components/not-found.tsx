import { Link } from "@tanstack/react-router"
import { buttonStyle } from "@/components/ui/button"
import { usePageTitle } from "@/lib/page-title"

export function NotFound() {
  usePageTitle("Page not found · Slipway")
  return (
    <section className="mx-auto flex max-w-6xl flex-col items-start px-5 py-24 sm:py-32">
      <p className="font-medium text-accent text-sm">404</p>
      <h1 className="mt-3 text-balance font-semibold text-4xl tracking-tight">There is no page at this address.</h1>
      <p className="mt-4 max-w-lg text-lg text-muted-foreground">
        The link may be old, or a letter went missing on the way.
      </p>
      <Link to="/" className={buttonStyle({ variant: "primary" }, "mt-8")}>
        Go to the start page
      </Link>
    </section>
  )
}
