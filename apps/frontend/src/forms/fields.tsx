import { Eye, EyeOff } from "lucide-react"
import { type ComponentProps, type ReactNode, useId, useState } from "react"
import { cn } from "@/lib/cn"
import type { Form } from "./use-form"

const BOX = [
  "w-full rounded-lg border border-field bg-card px-3.5 text-base transition-colors sm:text-sm",
  "placeholder:text-muted-foreground hover:border-foreground/60 aria-invalid:border-bad",
  "disabled:cursor-not-allowed disabled:bg-muted disabled:text-muted-foreground",
]

interface FieldProps<Name extends string> {
  form: Form<Name>
  name: Name
  label: string
  help?: ReactNode
}

type InputProps<Name extends string> = FieldProps<Name> & Omit<ComponentProps<"input">, "form" | "name">
type AreaProps<Name extends string> = FieldProps<Name> & Omit<ComponentProps<"textarea">, "form" | "name">

export function TextField<Name extends string>({ form, name, label, help, ...rest }: InputProps<Name>) {
  const field = useField(form, name, help)
  return (
    <Frame label={label} help={help} field={field}>
      <input type="text" {...rest} {...field.props} className={cn(BOX, "h-11")} />
    </Frame>
  )
}

export function TextArea<Name extends string>({ form, name, label, help, ...rest }: AreaProps<Name>) {
  const field = useField(form, name, help)
  return (
    <Frame label={label} help={help} field={field}>
      <textarea rows={4} {...rest} {...field.props} className={cn(BOX, "field-sizing-content min-h-24 py-2.5")} />
    </Frame>
  )
}

/** A password that can be looked at: typing blind is where most mistakes come from. */
export function PasswordField<Name extends string>({ form, name, label, help, ...rest }: InputProps<Name>) {
  const field = useField(form, name, help)
  const [isShown, setShown] = useState(false)
  return (
    <Frame label={label} help={help} field={field}>
      <div className="relative">
        <input
          {...rest}
          {...field.props}
          type={isShown ? "text" : "password"}
          autoCapitalize="none"
          spellCheck={false}
          className={cn(BOX, "h-11 pr-12")}
        />
        <button
          type="button"
          aria-label={`Show ${label.toLowerCase()}`}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
          className="absolute inset-y-0 right-0 grid w-11 place-items-center rounded-lg text-muted-foreground hover:text-foreground"
        >
          {isShown ? <EyeOff aria-hidden="true" className="size-4" /> : <Eye aria-hidden="true" className="size-4" />}
        </button>
      </div>
    </Frame>
  )
}

function useField<Name extends string>(form: Form<Name>, name: Name, help: ReactNode) {
  const id = useId()
  const message = form.messages[name]
  const describedBy = cn(message && `${id}-error`, help !== undefined && `${id}-help`)
  return {
    id,
    message,
    props: { id, name, "aria-invalid": message !== undefined, ...(describedBy && { "aria-describedby": describedBy }) },
  }
}

interface FrameProps {
  label: string
  help: ReactNode
  field: { id: string; message: string | undefined }
  children: ReactNode
}

function Frame({ label, help, field, children }: FrameProps) {
  return (
    <div>
      <label htmlFor={field.id} className="mb-1.5 block font-medium text-sm">
        {label}
      </label>
      {children}
      {field.message && (
        <p id={`${field.id}-error`} className="mt-1.5 text-bad text-sm">
          {field.message}
        </p>
      )}
      {help !== undefined && (
        <p id={`${field.id}-help`} className="mt-1.5 text-muted-foreground text-sm">
          {help}
        </p>
      )}
    </div>
  )
}
