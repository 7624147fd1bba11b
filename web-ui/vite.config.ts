// The build: fixed file names, no hashes, no source maps, the same bytes every time.
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** Texts of the licences that ask to travel with what they cover. */
function licences(): Plugin {
  const text = (name: string) => {
    const file = new URL(`node_modules/${name}/LICENSE`, import.meta.url);
    return `${name}\n${"=".repeat(name.length)}\n\n${readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim()}\n`;
  };
  const emit = (names: string[]) => names.map(text).join("\n\n");
  return {
    name: "licences",
    generateBundle() {
      const fonts = emit(["@fontsource-variable/inter", "@fontsource-variable/jetbrains-mono"]);
      const code = emit(["preact", "@preact/signals", "@preact/signals-core", "uplot"]);
      this.emitFile({ type: "asset", fileName: "fonts-LICENSE.txt", source: fonts });
      this.emitFile({ type: "asset", fileName: "app-LICENSE.txt", source: code });
    },
  };
}

/** File name of an asset: fonts by family, everything else by its own name. */
function assetName(name: string): string {
  if (name.startsWith("inter-")) return "inter.woff2";
  if (name.startsWith("jetbrains-mono-")) return "jetbrains-mono.woff2";
  return name.endsWith(".css") ? "app.css" : "[name][extname]";
}

export default defineConfig({
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [licences()],
  build: {
    target: ["chrome123", "firefox121", "safari17.5"],
    outDir: "../crates/trainscope-visor/ui",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    sourcemap: false,
    rollupOptions: {
      output: {
        entryFileNames: "app.js",
        assetFileNames: (asset) => assetName(asset.names[0] ?? ""),
      },
    },
  },
});
