import type { QueryClient } from "@tanstack/react-query"
import { createRootRouteWithContext, Outlet, useRouter } from "@tanstack/react-router"
import { useEffect } from "react"
import { SiteFooter } from "@/components/site-footer"
import { SiteHeader } from "@/components/site-header"
import { Toaster } from "@/components/toaster"
import type { Session } from "@/session/session"

export interface RouterContext {
  queryClient: QueryClient
  session: Session
}

export const Route = createRootRouteWithContext<RouterContext>()({ component: Layout })

function Layout() {
  useFocusOnNewPage()
  return (
    <div className="flex min-h-dvh flex-col">
      <SiteHeader />
      <main id="content" tabIndex={-1} className="flex-1 outline-none">
        <Outlet />
      </main>
      <SiteFooter />
      <Toaster />
    </div>
  )
}

/** A page change moves the focus to the content, as loading a page would; otherwise it stays on a link that is gone. */
function useFocusOnNewPage() {
  const router = useRouter()
  useEffect(() => {
    return router.subscribe("onResolved", ({ fromLocation, pathChanged, toLocation }) => {
      if (!fromLocation || !pathChanged || toLocation.hash !== "") return
      document.getElementById("content")?.focus({ preventScroll: true })
    })
  }, [router])
}
