import axe from "axe-core"

// jsdom draws nothing, so contrast is left to a browser.
const RULES = { rules: { "color-contrast": { enabled: false } } }

/** What axe finds wrong with the page as it is. */
export async function violations() {
  return (await axe.run(document, RULES)).violations.map(({ id, nodes }) => ({
    id,
    at: nodes.map((node) => node.html),
  }))
}
