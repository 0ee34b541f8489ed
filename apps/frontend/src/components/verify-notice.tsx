import { MailWarning } from "lucide-react"
import { useEffect } from "react"
import { readMe } from "@/client/sdk.gen"
import type { Me } from "@/client/types.gen"
import { ResendMail } from "@/components/resend-mail"
import { Notice } from "@/components/ui/notice"
import { useSession } from "@/session/use-session"

/** A reminder for those whose address is not confirmed; it goes when they come back from their mail. */
export function VerifyNotice({ user }: { user: Me }) {
  useLookAgain(!user.email_verified)
  if (user.email_verified) return null
  return (
    <Notice icon={MailWarning} tone="accent" action={<ResendMail />}>
      <p className="font-medium">Confirm your address</p>
      <p>
        We sent a mail to <span className="break-all">{user.email}</span>. Open the link in it.
      </p>
    </Notice>
  )
}

function useLookAgain(isWaiting: boolean) {
  const session = useSession()
  useEffect(() => {
    if (!isWaiting) return
    const look = () => {
      if (document.visibilityState !== "visible") return
      readMe().then(
        ({ data }) => session.update(data),
        () => undefined, // the notice stays, and the next return to the page asks again
      )
    }
    document.addEventListener("visibilitychange", look)
    return () => document.removeEventListener("visibilitychange", look)
  }, [isWaiting, session])
}
