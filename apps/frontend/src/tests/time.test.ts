import { expect, test } from "vitest"
import { ago } from "@/lib/time"

const NOW = new Date("2026-01-10T12:00:00Z")

test.each([
  ["2026-01-10T11:59:30Z", "just now"],
  ["2026-01-10T11:45:00Z", "15 minutes ago"],
  ["2026-01-10T09:00:00Z", "3 hours ago"],
  ["2026-01-09T12:00:00Z", "yesterday"],
  ["2025-12-20T12:00:00Z", "3 weeks ago"],
  ["2024-01-10T12:00:00Z", "2 years ago"],
])("%s is %s", (moment, words) => {
  expect(ago(new Date(moment), NOW)).toBe(words)
})
