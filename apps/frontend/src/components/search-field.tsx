import { Search } from "lucide-react"
import { useEffect, useRef, useState } from "react"

const PAUSE_MS = 250

interface Props {
  label: string
  value: string
  onSearch: (text: string) => void
}

/** A search that starts by itself when the typing pauses. */
export function SearchField({ label, value, onSearch }: Props) {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  useEffect(() => {
    // Changed from outside: the browser's back button, or a link.
    if (value !== sent.current) setText(value)
    sent.current = value
  }, [value])
  useEffect(() => {
    if (text.trim() === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text.trim()
      onSearch(text.trim())
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, onSearch])
  return (
    // biome-ignore lint/a11y/useSemanticElements: not every browser, nor jsdom, knows <search> yet.
    <div role="search" className="relative min-w-0 flex-1 basis-60">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-3.5 size-4 -translate-y-1/2 text-muted-foreground"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.target.value)}
        className="h-11 w-full rounded-lg border border-field bg-card pr-3 pl-10 text-base placeholder:text-muted-foreground hover:border-foreground/60 sm:text-sm"
      />
    </div>
  )
}
