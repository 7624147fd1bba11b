// The main job, end to end: train the digits, watch them in a browser, read the report.

import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complaints, launch, violations } from "./browser";
import { BIN, Program, Training } from "./training";

const EPOCHS = 100;
const HOSTILE = "<img src=x onerror=alert(1)>";
const DOCS = new URL("../../docs/", import.meta.url).pathname;
const UPDATE = Boolean(process.env.UPDATE);
/** Pictures for the README that are taken at the end, by tab and colour scheme. */
const PICTURES: Record<string, string> = {
  "Layers, dark": "visor-layers",
  "Evaluate, light": "visor-evaluate",
};
/** What stands on a tab once it has read its run. */
const SHOWN = [
  ["Curves", "[data-testid='chart-loss'][data-points]"],
  ["Layers", "canvas[data-epoch]"],
  ["Evaluate", "[data-testid='classes']"],
] as const;

let training: Training;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let link: string;
let wrong: string[];

beforeAll(async () => {
  browser = await launch();
  training = new Training(EPOCHS);
  [, link] = await training.said(/visor: (http:\S+)/);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
  page = await context.newPage();
  wrong = complaints(page, link);
  await page.goto(link);
});

afterAll(async () => {
  await browser?.close();
  training?.end();
});

/** Writes a picture for the README, when asked to. */
async function picture(name: string) {
  if (UPDATE) await page.screenshot({ path: join(DOCS, `${name}.png`) });
}

const points = async (metric: string) =>
  Number(await page.getByTestId(`chart-${metric}`).getAttribute("data-points"));

async function until<T>(read: () => Promise<T>, good: (value: T) => boolean, what: string): Promise<T> {
  const deadline = Date.now() + 90_000;
  let value = await read();
  while (!good(value)) {
    if (Date.now() > deadline)
      throw new Error(`${what}: still ${JSON.stringify(value)?.slice(0, 200)} after 90 s`);
    await page.waitForTimeout(30);
    value = await read();
  }
  return value;
}

async function tab(name: "Curves" | "Layers" | "Evaluate") {
  await page.getByRole("tab", { name }).click();
}

/** What a feature-map canvas shows: its epoch, and its picture. */
async function maps(testId: string) {
  const canvas = page.getByTestId(testId);
  const picture = (await canvas.screenshot()).toString("base64");
  return { epoch: Number(await canvas.getAttribute("data-epoch")), picture };
}

describe("while it trains", () => {
  test("the loss curve gains points", async () => {
    const first = await until(
      () => points("loss"),
      (n) => n > 0,
      "points of the loss chart",
    );
    await until(
      () => points("loss"),
      (n) => n > first,
      "more points of the loss chart",
    );
  });

  test("training and validation stand on one chart per epoch", async () => {
    await until(
      () => points("epoch_loss"),
      (n) => n >= 4,
      "two epochs of training and validation loss",
    );
    const text = await page.getByTestId("chart-epoch_loss").textContent();
    expect(text).toMatch(/train/i);
    expect(text).toMatch(/validation/i);
  });

  test("with a third of it done, the header says that it goes on", async () => {
    const bar = page.getByRole("progressbar", { name: "Training" });
    await until(
      async () => Number(await bar.getAttribute("aria-valuenow")),
      (percent) => percent >= 30,
      "a third of the training",
    );
    expect(await page.locator("header .state-live").textContent()).toBe("live");
    expect(await page.getByTestId("ws-state").getAttribute("data-state")).toBe("open");
    await picture("visor");
  });

  test("feature maps of both convolutions change between epochs", async () => {
    await tab("Layers");
    const layers = await until(
      () =>
        page
          .locator("canvas[data-testid^='maps-']")
          .evaluateAll((all) => all.map((e) => e.dataset.testid ?? "")),
      (ids) => ids.length >= 2,
      "canvases of feature maps",
    );
    const before = new Map<string, Awaited<ReturnType<typeof maps>>>();
    for (const layer of layers) before.set(layer, await maps(layer));
    for (const [layer, { epoch, picture }] of before) {
      const changed = (now: { epoch: number; picture: string }) =>
        now.epoch > epoch && now.picture !== picture;
      await until(() => maps(layer), changed, `a later epoch of ${layer}, with another picture`);
    }
  });

  test("the confusion matrix of an epoch counts every validation image", async () => {
    await tab("Evaluate");
    const cells = page.locator("[data-testid^='cell-']");
    await until(
      () => cells.count(),
      (n) => n === 100,
      "cells of the confusion matrix",
    );
    const counts = await cells.allInnerTexts();
    expect(counts.reduce((sum, text) => sum + Number(text.trim() || 0), 0)).toBe(250);
    const classes = page.getByTestId("classes");
    expect(await classes.locator("tbody tr").count()).toBe(10);
    const split = await page.getByRole("combobox", { name: "Split" }).inputValue();
    expect(await page.getByTestId("confusion-split").textContent()).toBe(split);
  });
});

describe("at the end", () => {
  test("the run is finished, at least 97 % accurate", async () => {
    const [, accuracy] = await training.said(/test accuracy ([\d.]+) %/);
    expect(Number(accuracy)).toBeGreaterThanOrEqual(97);
    await training.said(/report: /);
    await page
      .getByText(/finished/i)
      .first()
      .waitFor();
  });

  test("the loss curve ends at the last step", async () => {
    await tab("Curves");
    const [, step] = (await page.locator(".where-now").textContent())?.match(/step ([\d\u2009]+)/) ?? [];
    expect(Number(step?.replaceAll("\u2009", ""))).toBeGreaterThan(1000);
    const where = page.getByTestId("chart-loss").locator(".where");
    await until(
      () => where.textContent(),
      (text) => text === `step ${step}`,
      `the readout of the loss at step ${step}`,
    );
  });

  test("the confusion matrix is of the test set, and says so", async () => {
    await tab("Evaluate");
    const split = page.getByTestId("confusion-split");
    await until(
      () => split.textContent(),
      (text) => text === "test",
      "the evaluation of the test set",
    );
    expect(await page.locator(".tiles").textContent()).toContain("Test accuracy");
  });

  test("the report is written, and `trainscope report` writes the same bytes twice", () => {
    const run = join(training.runs, readdirSync(training.runs)[0] ?? "");
    const read = (dir: string) =>
      readdirSync(dir)
        .sort()
        .map((name) => [name, readFileSync(join(dir, name), "hex")]);
    const expected = read(training.report);
    const figures = ["accuracy", "calibration", "class-intervals", "confusion", "loss"];
    const names = [...figures.flatMap((name) => [`${name}.png`, `${name}.svg`]), "report.json", "report.md"];
    expect(expected.map(([name]) => name)).toEqual(names.sort());
    for (const out of ["once", "twice"].map((name) => join(training.dir, name))) {
      execFileSync(join(BIN, "trainscope"), ["report", run, "--out", out]);
      expect(read(out)).toEqual(expected);
    }
    if (!UPDATE) return;
    for (const name of figures.filter((name) => name !== "accuracy"))
      cpSync(join(training.report, `${name}.png`), join(DOCS, `${name}.png`));
  });

  for (const scheme of ["light", "dark"] as const) {
    for (const name of ["Curves", "Layers", "Evaluate"] as const) {
      test(`axe finds nothing on ${name}, ${scheme}`, async () => {
        await page.emulateMedia({ colorScheme: scheme });
        await tab(name);
        await page.waitForTimeout(300);
        expect(await violations(page)).toEqual([]);
        const file = PICTURES[`${name}, ${scheme}`];
        if (file) await picture(file);
      });
    }
  }

  test("a phone shows it without scrolling sideways", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of ["Curves", "Layers", "Evaluate"] as const) {
      await tab(name);
      await page.waitForTimeout(300);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, name).toBeLessThanOrEqual(390);
      if (name === "Curves") await picture("phone");
    }
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("a run named in HTML is text, on every tab", async () => {
    const run = readdirSync(training.runs)[0] ?? "";
    cpSync(join(training.runs, run), join(training.runs, HOSTILE), { recursive: true });
    await page.locator(".runs button").filter({ hasText: HOSTILE }).click();
    await page.getByRole("heading", { level: 1, name: HOSTILE }).waitFor();
    expect(await page.title()).toContain(HOSTILE);
    for (const [name, there] of SHOWN) {
      await tab(name);
      await page.locator(there).first().waitFor();
    }
    expect(await page.locator("img").count()).toBe(0);
  });

  test("the page never complained, opened no dialog, and asked nobody but the visor", () => {
    expect(wrong).toEqual([]);
  });

  test("when the program is killed, the page says that it hears nothing", async () => {
    const state = page.getByTestId("ws-state");
    expect(await state.getAttribute("data-state")).toBe("open");
    training.kill();
    await until(
      () => state.getAttribute("data-state"),
      (found) => found === "lost",
      "the loss of the connection",
    );
    expect(await state.textContent()).toContain("connection lost");
  });
});

describe("`trainscope serve`, a process of its own", () => {
  let other: Training;
  let visor: Program;

  beforeAll(async () => {
    other = new Training(1000, ["--no-visor"]);
    await other.said(/run: /);
    visor = new Program("trainscope", ["serve", other.runs, "--port", "0", "--no-open"]);
    const [, served = ""] = await visor.said(/visor: (http:\S+)/);
    page = await context.newPage();
    wrong = complaints(page, served);
    await page.goto(served);
  });

  afterAll(() => {
    visor?.kill();
    other?.end();
  });

  test("it shows a run live that another process writes", async () => {
    const first = await until(
      () => points("loss"),
      (n) => n > 0,
      "points of the other process",
    );
    await until(
      () => points("loss"),
      (n) => n > first,
      "more points of the other process",
    );
  });

  test("it shows the run when its process was killed, and says so", async () => {
    other.kill();
    await page.getByText("interrupted").first().waitFor();
    const before = await points("loss");
    await page.reload();
    await until(
      () => points("loss"),
      (n) => n >= before,
      "the points after a reload",
    );
    expect(wrong).toEqual([]);
  });

  test("`trainscope report` opens what is there", () => {
    const out = join(other.dir, "after");
    execFileSync(join(BIN, "trainscope"), ["report", other.runs, "--out", out]);
    expect(readFileSync(join(out, "report.md"), "utf8")).toContain("interrupted");
    expect(readdirSync(out)).toContain("loss.png");
  });
});
