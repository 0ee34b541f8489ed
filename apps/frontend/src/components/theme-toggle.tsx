import { Moon, Sun } from "lucide-react"
import { Button } from "@/components/ui/button"
import { chooseTheme, useTheme } from "@/lib/theme"

export function ThemeToggle() {
  const other = useTheme() === "dark" ? "light" : "dark"
  return (
    <Button variant="ghost" size="icon" aria-label={`Use the ${other} theme`} onClick={() => chooseTheme(other)}>
      {other === "light" ? <Sun aria-hidden="true" /> : <Moon aria-hidden="true" />}
    </Button>
  )
}
