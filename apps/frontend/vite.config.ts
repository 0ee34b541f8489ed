import tailwindcss from "@tailwindcss/vite"
import { tanstackRouter } from "@tanstack/router-plugin/vite"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

/** What every page needs; libraries of some pages stay with those. */
const VENDOR = /[\\/]node_modules[\\/](react|react-dom|scheduler|@tanstack|clsx|class-variance-authority)[\\/]/

export default defineConfig({
  plugins: [tanstackRouter({ target: "react", autoCodeSplitting: true }), react(), tailwindcss()],
  resolve: {
    alias: {
      "@": new URL("./src", import.meta.url).pathname,
      // What the generated client imports: see openapi-ts.config.ts.
      "slipway-transport": new URL("./src/api/transport.ts", import.meta.url).pathname,
    },
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:5001", rewrite: (path) => path.replace(/^\/api/, "") } } },
  build: {
    // Inlined assets are data: URLs, which the site's policy refuses for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Libraries change seldom: a chunk of their own stays in browsers' caches and in the image's layer.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "vendor", test: VENDOR }] } } },
  },
})
