import { useRouter } from "@tanstack/react-router"
import { useSyncExternalStore } from "react"
import type { Me } from "@/client/types.gen"
import type { Session, SessionState } from "./session"

export function useSession(): Session {
  return useRouter().options.context.session
}

export function useSessionState(): SessionState {
  const session = useSession()
  return useSyncExternalStore(session.subscribe, session.snapshot)
}

/** Whoever is signed in, or null. */
export function useUser(): Me | null {
  return useSessionState().user
}
