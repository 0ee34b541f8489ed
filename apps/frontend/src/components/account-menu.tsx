import { Link, useNavigate } from "@tanstack/react-router"
import { LayoutDashboard, LogOut, Settings, Users } from "lucide-react"
import { explain } from "@/api/errors"
import type { Me } from "@/client/types.gen"
import { MENU_ENTRY, Menu } from "@/components/menu"
import { Avatar } from "@/components/ui/avatar"
import { toast } from "@/lib/toasts"
import { useSession } from "@/session/use-session"

export function AccountMenu({ user }: { user: Me }) {
  const name = user.display_name || user.email
  return (
    <Menu
      label="Account"
      className="grid size-11 place-items-center rounded-full"
      trigger={<Avatar name={name} url={user.avatar_url} className="size-9 text-sm" />}
    >
      <div className="mb-1.5 border-b px-3 pt-2 pb-3 text-sm">
        <p className="truncate font-medium">{name}</p>
        {user.display_name && <p className="truncate text-muted-foreground">{user.email}</p>}
      </div>
      <Link to="/dashboard" className={MENU_ENTRY}>
        <LayoutDashboard aria-hidden="true" />
        Dashboard
      </Link>
      <Link to="/settings/profile" className={MENU_ENTRY}>
        <Settings aria-hidden="true" />
        Settings
      </Link>
      {user.is_staff && (
        <Link to="/users" className={MENU_ENTRY}>
          <Users aria-hidden="true" />
          Users
        </Link>
      )}
      <SignOut />
    </Menu>
  )
}

function SignOut() {
  const session = useSession()
  const navigate = useNavigate()
  async function signOut() {
    try {
      // Away from pages for members first: they would ask for a new sign-in.
      await navigate({ to: "/" })
      await session.signOut()
      toast({ title: "Signed out", tone: "good" })
    } catch (error) {
      toast({ title: "Signing out failed", detail: explain(error as Error), tone: "bad" })
    }
  }
  return (
    <button type="button" className={MENU_ENTRY} onClick={() => void signOut()}>
      <LogOut aria-hidden="true" />
      Sign out
    </button>
  )
}
