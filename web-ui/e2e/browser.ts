// Debian's Chromium, driven by playwright-core, with everything it complains about kept.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** As much of axe as is used here; it comes into the page without its types. */
type Axe = {
  run(
    where: Document,
    options: object,
  ): Promise<{
    violations: { id: string; help: string; nodes: { target: string[] }[] }[];
  }>;
};

export async function launch(): Promise<Browser> {
  const executablePath = process.env.TRAINSCOPE_CHROMIUM || "/usr/bin/chromium";
  const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  const args = ["--no-sandbox", ...quiet, "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath, args });
}

/** Everything that a page says is wrong: console errors, exceptions, dialogs, requests beyond the visor. */
export function complaints(page: Page, origin: string): string[] {
  const all: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") all.push(message.text());
  });
  page.on("pageerror", (error) => all.push(String(error)));
  page.on("dialog", (dialog) => {
    all.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("blob:") && !url.startsWith("data:"))
      all.push(`request to ${url}`);
  });
  return all;
}

/** axe's violations, a line each. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated through the debugger, which the page's content security policy does not bind.
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(document, { runOnly: tags });
    return violations.map((v) => `${v.id}: ${v.help} at ${v.nodes.map((n) => n.target).join("; ")}`);
  }, WCAG);
}
