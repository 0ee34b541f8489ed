// Fail when src/client is not what the API's description gives. Arguments go to the generator: --input FILE.
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const fresh = mkdtempSync(join(tmpdir(), "slipway-client-"))
try {
  execFileSync("openapi-ts", ["--output", fresh, "--silent", ...process.argv.slice(2)], { stdio: "inherit" })
  const names = new Set([...readdirSync(fresh), ...readdirSync("src/client")])
  const stale = [...names].filter((name) => textOf(fresh, name) !== textOf("src/client", name))
  if (stale.length > 0) {
    console.error(`src/client is stale (${stale.join(", ")}): run \`npm run client\` and commit what changes`)
    process.exitCode = 1
  }
} finally {
  rmSync(fresh, { recursive: true })
}

function textOf(folder, name) {
  return readdirSync(folder).includes(name) ? readFileSync(join(folder, name), "utf8") : null
}
