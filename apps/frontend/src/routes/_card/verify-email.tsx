import { useQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { useEffect } from "react"
import { readMe, verifyEmail } from "@/client/sdk.gen"
import { FormCard } from "@/components/form-card"
import { ResendMail } from "@/components/resend-mail"
import { Button, buttonStyle } from "@/components/ui/button"
import { Skeleton } from "@/components/ui/skeleton"
import { FormError } from "@/forms/form-error"
import { heldToken, holdTokenOf, ofLink } from "@/lib/link-token"
import { useSession, useUser } from "@/session/use-session"

export const Route = createFileRoute("/_card/verify-email")({
  beforeLoad: holdTokenOf("/verify-email"),
  component: VerifyEmail,
})

function VerifyEmail() {
  const token = heldToken("/verify-email")
  const query = useQuery({
    queryKey: ["verify-email", token],
    queryFn: async () => {
      await verifyEmail({ body: { token: token ?? "" } })
      return true
    },
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY, // a token works once
  })
  useFreshUser(query.isSuccess)
  if (token === null) return <NoToken />
  if (query.isError) return <Refused error={query.error} onRetry={() => void query.refetch()} />
  if (query.isSuccess) return <Confirmed />
  return (
    <FormCard title="Confirming your address…">
      <Skeleton className="h-11 w-full" />
    </FormCard>
  )
}

/** Whoever is signed in here should see the new state at once. */
function useFreshUser(isConfirmed: boolean) {
  const session = useSession()
  useEffect(() => {
    if (!isConfirmed || session.state.status !== "member") return
    const stop = new AbortController()
    readMe({ signal: stop.signal }).then(
      ({ data }) => session.update(data),
      () => undefined, // the page says what matters; the rest shows with the next answer
    )
    return () => stop.abort()
  }, [isConfirmed, session])
}

function Confirmed() {
  const user = useUser()
  return (
    <FormCard title="Your address is confirmed" detail="Thank you. Everything is ready for you.">
      <Link to={user ? "/dashboard" : "/login"} className={buttonStyle({ variant: "primary" }, "w-full")}>
        {user ? "Go to your dashboard" : "Log in"}
      </Link>
    </FormCard>
  )
}

function Refused({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const reason = ofLink(error)
  return (
    <FormCard title="This address could not be confirmed">
      <div className="space-y-5">
        <FormError error={reason} />
        {reason === error ? (
          <Button variant="outline" className="w-full" onClick={onRetry}>
            Try again
          </Button>
        ) : (
          <NewMail />
        )}
      </div>
    </FormCard>
  )
}

function NoToken() {
  return (
    <FormCard
      title="Open the link in your mail"
      detail="The link confirms your address. It was not in this page's address."
    >
      <NewMail />
    </FormCard>
  )
}

function NewMail() {
  const user = useUser()
  if (user && !user.email_verified) return <ResendMail className="w-full" />
  return (
    <Link to={user ? "/settings/email" : "/login"} className={buttonStyle({ variant: "primary" }, "w-full")}>
      {user ? "Go to your email settings" : "Log in to get a new mail"}
    </Link>
  )
}
