import { Link } from "@tanstack/react-router"
import { Menu as MenuIcon } from "lucide-react"
import { AccountMenu } from "@/components/account-menu"
import { Logo } from "@/components/logo"
import { MENU_ENTRY, Menu } from "@/components/menu"
import { ThemeToggle } from "@/components/theme-toggle"
import { buttonStyle } from "@/components/ui/button"
import { Skeleton } from "@/components/ui/skeleton"
import { useSessionState } from "@/session/use-session"

const NAV_LINK = buttonStyle({ variant: "ghost", size: "small" }, "aria-[current=page]:bg-muted")

export function SiteHeader() {
  const { status, user } = useSessionState()
  return (
    <header className="sticky top-0 z-10 border-b bg-background/85 backdrop-blur">
      <a
        href="#content"
        className="sr-only rounded-lg bg-card px-4 py-2 focus:not-sr-only focus:absolute focus:top-3 focus:left-4 focus:z-20"
      >
        Skip to the content
      </a>
      <div className="mx-auto flex h-16 max-w-6xl items-center justify-between gap-4 px-5">
        <Link
          to="/"
          activeOptions={{ exact: true }}
          className="flex items-center gap-2.5 rounded-md font-semibold text-lg tracking-tight"
        >
          <Logo className="size-7" />
          Slipway
        </Link>
        <nav aria-label="Main" className="flex items-center gap-1">
          <span className="mr-2 flex items-center gap-1 max-sm:hidden">
            {user && (
              <Link to="/dashboard" className={NAV_LINK}>
                Dashboard
              </Link>
            )}
            <Link to="/items" className={NAV_LINK}>
              Items
            </Link>
            {user?.is_staff && (
              <Link to="/users" className={NAV_LINK}>
                Users
              </Link>
            )}
          </span>
          <ThemeToggle />
          {status === "unknown" && <Skeleton className="mx-1 size-9 rounded-full" />}
          {user && (
            <Link to="/items" className={buttonStyle({ variant: "ghost", size: "small" }, "sm:hidden")}>
              Items
            </Link>
          )}
          {user && <AccountMenu user={user} />}
          {status === "visitor" && <ForVisitors />}
        </nav>
      </div>
    </header>
  )
}

/** On a narrow screen the links fold into a menu. */
function ForVisitors() {
  return (
    <>
      <span className="ml-1 flex items-center gap-2 max-sm:hidden">
        <Link to="/login" className={buttonStyle({ variant: "ghost", size: "small" })}>
          Log in
        </Link>
        <Link to="/sign-up" className={buttonStyle({ variant: "primary", size: "small" })}>
          Sign up
        </Link>
      </span>
      <div className="sm:hidden">
        <Menu
          label="Menu"
          className={buttonStyle({ variant: "ghost", size: "icon" }, "-mr-3")}
          trigger={<MenuIcon aria-hidden="true" />}
        >
          <Link to="/items" className={MENU_ENTRY}>
            Items
          </Link>
          <Link to="/login" className={MENU_ENTRY}>
            Log in
          </Link>
          <Link to="/sign-up" className={MENU_ENTRY}>
            Sign up
          </Link>
        </Menu>
      </div>
    </>
  )
}
