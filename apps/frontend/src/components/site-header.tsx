import { Link } from "@tanstack/react-router"
import { Logo } from "@/components/logo"
import { ThemeToggle } from "@/components/theme-toggle"
import { buttonStyle } from "@/components/ui/button"

export function SiteHeader() {
  return (
    <header className="sticky top-0 z-10 border-b bg-background/85 backdrop-blur">
      <a
        href="#content"
        className="sr-only rounded-lg bg-card px-4 py-2 focus:not-sr-only focus:absolute focus:top-3 focus:left-4 focus:z-20"
      >
        Skip to the content
      </a>
      <div className="mx-auto flex h-16 max-w-6xl items-center justify-between gap-4 px-5">
        <Link to="/" className="flex items-center gap-2.5 rounded-md font-semibold text-lg tracking-tight">
          <Logo className="size-7" />
          Slipway
        </Link>
        <nav aria-label="Main" className="flex items-center gap-1">
          <Link to="/" hash="status" className={buttonStyle({ variant: "ghost", size: "small" }, "max-sm:hidden")}>
            Status
          </Link>
          <Link to="/" hash="items" className={buttonStyle({ variant: "ghost", size: "small" }, "max-sm:hidden")}>
            Items
          </Link>
          <ThemeToggle />
        </nav>
      </div>
    </header>
  )
}
