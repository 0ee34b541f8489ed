import { type ReactNode, useEffect, useId, useRef, useState } from "react"

interface Props {
  label: string
  trigger: ReactNode
  className: string
  children: ReactNode
}

/** A button that shows a list of links and buttons below itself; Escape, a choice or a click elsewhere closes it. */
export function Menu({ label, trigger, className, children }: Props) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useOutside(root, isOpen, () => setOpen(false))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape works wherever in the menu the focus is.
    <div
      ref={root}
      className="relative"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return
        setOpen(false)
        button.current?.focus()
      }}
    >
      <button
        ref={button}
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        className={className}
        onClick={() => setOpen(!isOpen)}
      >
        {trigger}
        <span className="sr-only">{label}</span>
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it closes after what a link or button inside has done. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys on links and buttons arrive as clicks. */}
      <div
        id={id}
        hidden={!isOpen}
        onClick={() => setOpen(false)}
        className="rise absolute right-0 z-20 mt-2 w-60 max-w-[calc(100vw-2.5rem)] rounded-xl border bg-card p-1.5 shadow-foreground/10 shadow-lg"
      >
        {children}
      </div>
    </div>
  )
}

/** The classes of an entry in a menu. */
export const MENU_ENTRY =
  "flex h-11 w-full items-center gap-3 rounded-lg px-3 text-left text-sm hover:bg-muted aria-[current=page]:font-medium [&_svg]:size-4 [&_svg]:text-muted-foreground"

/** Close when a click or the focus goes elsewhere. */
function useOutside(root: React.RefObject<HTMLElement | null>, isOpen: boolean, close: () => void) {
  useEffect(() => {
    if (!isOpen) return
    const look = ({ target }: Event) => {
      if (!root.current?.contains(target as Node)) close()
    }
    document.addEventListener("pointerdown", look)
    document.addEventListener("focusin", look)
    return () => {
      document.removeEventListener("pointerdown", look)
      document.removeEventListener("focusin", look)
    }
  })
}
