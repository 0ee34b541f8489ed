import { Link } from "@tanstack/react-router"
import { SystemStatus } from "@/components/system-status"
import { buttonStyle } from "@/components/ui/button"
import { useUser } from "@/session/use-session"

export function Hero() {
  const user = useUser()
  return (
    <section className="relative overflow-hidden border-b">
      <div aria-hidden="true" className="rails absolute inset-0" />
      <div className="relative mx-auto grid max-w-6xl items-center gap-12 px-5 py-14 sm:py-20 lg:grid-cols-[1.1fr_1fr] lg:gap-16 lg:py-28">
        <div>
          <p className="font-medium text-accent text-sm">From a clone to a running system</p>
          <h1 className="mt-4 text-balance font-semibold text-4xl tracking-tight sm:text-5xl lg:text-6xl">
            Launched, checked and under way.
          </h1>
          <p className="mt-6 max-w-xl text-pretty text-lg text-muted-foreground leading-relaxed">
            Each release comes up beside the one that serves, proves itself, and takes over without a dropped request.
            What you see here is that release at work: every figure is asked of the running system, now.
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            {user ? (
              <Link to="/dashboard" className={buttonStyle({ variant: "primary" })}>
                Go to your dashboard
              </Link>
            ) : (
              <Link to="/sign-up" className={buttonStyle({ variant: "primary" })}>
                Create an account
              </Link>
            )}
            <Link to="/items" className={buttonStyle({ variant: "outline" })}>
              Look at the items
            </Link>
          </div>
        </div>
        <SystemStatus />
      </div>
    </section>
  )
}
