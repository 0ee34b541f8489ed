import { createFileRoute, Link, useLocation } from "@tanstack/react-router"
import { MailCheck } from "lucide-react"
import { FormCard, TEXT_LINK } from "@/components/form-card"

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** Where a mail went; kept out of the address, which others may see. */
    mailedTo?: string
  }
}

export const Route = createFileRoute("/_card/check-your-mail")({ component: CheckYourMail })

function CheckYourMail() {
  const mailedTo = useLocation().state.mailedTo
  return (
    <FormCard
      title="Check your mail"
      detail={
        <>
          We sent a mail to{" "}
          {mailedTo ? <strong className="break-all text-foreground">{mailedTo}</strong> : "your address"}. Open the link
          in it to go on.
        </>
      }
      footer={
        <>
          Done already?{" "}
          <Link to="/login" className={TEXT_LINK}>
            Log in
          </Link>
        </>
      }
    >
      <div className="flex items-start gap-4 rounded-xl bg-muted p-4 text-sm">
        <MailCheck aria-hidden="true" className="size-6 shrink-0 text-accent" strokeWidth={1.5} />
        <p className="text-pretty">
          It can take a minute. Nothing there? Look among the spam, or{" "}
          <Link to="/sign-up" className={TEXT_LINK}>
            try again
          </Link>{" "}
          in case the address had a typing mistake.
        </p>
      </div>
    </FormCard>
  )
}
