import { clientDefaultConfig, clientDefaultMeta, clientPluginHandler, defineConfig } from "@hey-api/openapi-ts"

/** Not the generator's own client: ours knows the session, and is a tenth of its size. */
const transport = {
  ...clientDefaultMeta,
  config: { ...clientDefaultConfig, baseUrl: false, bundle: false },
  handler: clientPluginHandler,
  name: "slipway-transport",
} as const

export default defineConfig({
  input: "../api/openapi.json",
  output: { path: "src/client", clean: true },
  // biome-ignore lint/suspicious/noExplicitAny: the type of the list names the generator's own plugins only.
  plugins: [transport as any, "@hey-api/typescript", "@hey-api/sdk"],
})
