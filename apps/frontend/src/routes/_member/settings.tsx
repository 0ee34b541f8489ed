import { createFileRoute, Link, Outlet } from "@tanstack/react-router"
import { KeyRound, Mail, MonitorSmartphone, ShieldCheck, UserRound } from "lucide-react"
import { VerifyNotice } from "@/components/verify-notice"
import { useUser } from "@/session/use-session"

export const Route = createFileRoute("/_member/settings")({ component: Settings })

const PARTS = [
  { to: "/settings/profile", name: "Profile", icon: UserRound },
  { to: "/settings/email", name: "Email", icon: Mail },
  { to: "/settings/password", name: "Password", icon: KeyRound },
  { to: "/settings/sessions", name: "Sessions", icon: MonitorSmartphone },
  { to: "/settings/privacy", name: "Privacy", icon: ShieldCheck },
] as const

function Settings() {
  const user = useUser()
  if (!user) return null
  return (
    <div className="mx-auto grid max-w-6xl gap-x-12 gap-y-6 px-5 py-10 sm:py-14 grid-cols-[minmax(0,1fr)] md:grid-cols-[12rem_minmax(0,1fr)]">
      <nav aria-label="Settings" className="md:pt-14">
        <ul className="-mx-3 flex justify-between overflow-x-auto pb-1 md:mx-0 md:flex-col md:gap-1">
          {PARTS.map(({ to, name, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                className="flex h-10 items-center gap-2.5 whitespace-nowrap rounded-lg px-2 text-muted-foreground md:px-3 text-sm hover:bg-muted hover:text-foreground aria-[current=page]:bg-muted aria-[current=page]:font-medium aria-[current=page]:text-foreground"
              >
                <Icon aria-hidden="true" className="size-4 max-md:hidden" />
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="min-w-0 max-w-2xl space-y-6">
        <VerifyNotice user={user} />
        <Outlet />
      </div>
    </div>
  )
}
