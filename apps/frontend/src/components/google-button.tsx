import { useQuery } from "@tanstack/react-query"
import { flagsQuery } from "@/api/account"
import { buttonStyle } from "@/components/ui/button"

/** A way in by Google, where the deployment has one. */
export function GoogleButton() {
  const flags = useQuery(flagsQuery).data
  if (!flags?.google_sign_in) return null
  return (
    <>
      <a href="/api/auth/google/start" className={buttonStyle({ variant: "outline" }, "w-full")}>
        Continue with Google
      </a>
      <div aria-hidden="true" className="my-5 flex items-center gap-3 text-muted-foreground text-xs">
        <span className="h-px flex-1 bg-border" />
        or
        <span className="h-px flex-1 bg-border" />
      </div>
    </>
  )
}
