// Measure what each page makes a browser load before it shows: fails when any is above the budget (argument: in bytes).
import { readdirSync, readFileSync } from "node:fs"
import { gzipSync } from "node:zlib"

const BUDGET_BYTES = Number(process.argv[2] ?? 120_000)
const ASSETS = new URL("../dist/assets/", import.meta.url)
const LATER = /import\(["'`]\.\/([\w.$-]+\.js)["'`]\)/g
const STATIC = /(?:from|import)\s*["'`]\.\/([\w.$-]+\.js)["'`]/g

const ROUTES = new URL("../src/routes/", import.meta.url)

const html = readFileSync(new URL("../dist/index.html", import.meta.url), "utf8")
const code = new Map(
  readdirSync(ASSETS)
    .filter(isScript)
    .map((name) => [name, readFileSync(new URL(name, ASSETS), "utf8")]),
)
const entry = [...html.matchAll(/(?:src|href)="\/assets\/([\w.$-]+\.js)"/g)].map(([, name]) => name)
if (entry.length === 0) throw new Error("dist/index.html loads no script; run `npm run build` first")

const shell = closure(entry)
const theme = gzipped(readFileSync(new URL("../dist/theme.js", import.meta.url)))
const pages = [...shell].flatMap((name) => later(name)).filter((name) => !shell.has(name))
const frames = framesOf(ROUTES, [])
const sizes = [...new Set(pages)].map((page) => [page, theme + weight(closure([...entry, ...around(page), page]))])
sizes.sort(([, a], [, b]) => b - a)

console.log(`Shell: ${kilobytes(theme + weight(shell))}`)
for (const [page, bytes] of sizes) console.log(`${kilobytes(bytes).padStart(9)}  ${page}`)
const tooLarge = sizes.filter(([, bytes]) => bytes > BUDGET_BYTES)
if (sizes.length === 0) throw new Error("no page of its own was found: is the code still split by route?")
if (tooLarge.length > 0) {
  console.error(`Above the budget of ${kilobytes(BUDGET_BYTES)}: ${tooLarge.map(([page]) => page).join(", ")}`)
  process.exitCode = 1
}

function isScript(name) {
  return name.endsWith(".js")
}

/** Pages lie in folders named after the route that frames them: `settings.tsx` is around all of `settings/`. */
function framesOf(folder, outer) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = entry.name.replace(/\.tsx$/, "")
    if (!entry.isDirectory()) return [[name.replace("$", "_"), outer]]
    return framesOf(new URL(`${entry.name}/`, folder), [...outer, name])
  })
}

/** The scripts of the frames around a page's script. */
function around(page) {
  const own = frames.find(([name]) => page.startsWith(`${name}-`))?.[1] ?? []
  return pages.filter((name) => own.some((frame) => name.startsWith(`${frame}-`)))
}

/** The scripts that a script loads when they are asked for: the pages. */
function later(name) {
  return [...code.get(name).matchAll(LATER)].map(([, found]) => found)
}

/** A page's scripts with all that they import. */
function closure(names) {
  const found = new Set()
  const open = [...names]
  while (open.length > 0) {
    const name = open.pop()
    if (found.has(name)) continue
    found.add(name)
    open.push(...[...code.get(name).matchAll(STATIC)].map(([, next]) => next))
  }
  return found
}

function weight(names) {
  return [...names].reduce((sum, name) => sum + gzipped(code.get(name)), 0)
}

function gzipped(text) {
  return gzipSync(text, { level: 9 }).length
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`
}
