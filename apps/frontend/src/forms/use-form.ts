import { type FormEvent, useLayoutEffect, useRef, useState } from "react"
import { ApiError } from "@/api/errors"

export type Values<Name extends string> = Record<Name, string>
type Messages<Name extends string> = Partial<Record<Name, string>>

interface Wanted<Name extends string> {
  fields: readonly Name[]
  /** What stands at the fields from the start, as when a form is back after a failure. */
  initial?: Messages<Name>
  /** What the browser can tell before the API is asked. */
  check?: (values: Values<Name>) => Messages<Name>
  send: (values: Values<Name>) => Promise<void>
}

export interface Form<Name extends string> {
  props: {
    ref: React.RefObject<HTMLFormElement | null>
    noValidate: true
    onSubmit: (event: FormEvent<HTMLFormElement>) => void
    onInput: (event: FormEvent<HTMLFormElement>) => void
  }
  messages: Messages<Name>
  /** What went wrong and belongs to no field. */
  error: Error | null
  isSending: boolean
}

/** A form whose fields keep their own text; errors of the API stand at the field that they name. */
export function useForm<Name extends string>({ fields, initial = {}, check, send }: Wanted<Name>): Form<Name> {
  const ref = useRef<HTMLFormElement>(null)
  const [messages, setMessages] = useState<Messages<Name>>(initial)
  const [error, setError] = useState<Error | null>(null)
  const [isSending, setSending] = useState(false)
  useFocusOnFirst(ref, messages)

  async function submit(form: HTMLFormElement) {
    const values = read(form, fields)
    const found = check?.(values) ?? {}
    setMessages(found)
    setError(null)
    if (Object.keys(found).length > 0) return
    setSending(true)
    try {
      await send(values)
    } catch (failure) {
      const [atFields, rest] = sortOut(failure, fields)
      setMessages(atFields)
      setError(rest)
    } finally {
      setSending(false)
    }
  }

  return {
    props: {
      ref,
      noValidate: true,
      onSubmit: (event) => {
        event.preventDefault()
        if (!isSending) void submit(event.currentTarget)
      },
      onInput: ({ target }) => {
        const name = (target as HTMLInputElement).name as Name
        if (messages[name] !== undefined) setMessages(without(messages, name))
      },
    },
    messages,
    error,
    isSending,
  }
}

/** Split a failure into what belongs to fields and what does not; whatever is no error of the API is thrown on. */
export function sortOut<Name extends string>(
  failure: unknown,
  fields: readonly Name[],
): [Messages<Name>, ApiError | null] {
  if (!(failure instanceof ApiError)) throw failure
  const messages: Messages<Name> = {}
  for (const { location, detail } of failure.fields) {
    const name = fields.find((field) => location.includes(field))
    if (name !== undefined) messages[name] ??= sentence(detail)
  }
  return Object.keys(messages).length > 0 ? [messages, null] : [{}, failure]
}

/** Only new messages move the focus, not those that go as the user types. */
function useFocusOnFirst(ref: React.RefObject<HTMLFormElement | null>, messages: object) {
  const earlier = useRef(0)
  useLayoutEffect(() => {
    const count = Object.keys(messages).length
    if (count > earlier.current) ref.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()
    earlier.current = count
  }, [ref, messages])
}

function read<Name extends string>(form: HTMLFormElement, fields: readonly Name[]): Values<Name> {
  const data = new FormData(form)
  const pairs = fields.map((name) => [name, String(data.get(name) ?? "")])
  return Object.fromEntries(pairs) as Values<Name>
}

function without<Name extends string>(messages: Messages<Name>, name: Name): Messages<Name> {
  const { [name]: _gone, ...rest } = messages
  return rest as Messages<Name>
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
