import { describe, expect, it } from "vitest";
import { errorsSentence } from "../src/confusion";
import type { ClassRow, RunSummary } from "../src/generated/schema";
import { ofSplit, shownSplit } from "../src/splits";
import { isGone, knownState, runToShow, startedText } from "../src/watched";
import { worstSentence } from "../src/worst-class";

const run = (id: string, state: RunSummary["state"] = "finished"): RunSummary => ({
  id,
  name: id,
  state,
  started: null,
  headline: null,
});

describe("runToShow", () => {
  it("takes the chosen run, else the newest live one, else the newest", () => {
    const runs = [run("new"), run("live", "live")];
    expect([runToShow("old", runs), runToShow(null, runs), runToShow(null, [run("a"), run("b")])]).toEqual([
      "old",
      "live",
      "a",
    ]);
    expect(runToShow(null, [])).toBeNull();
  });
});

describe("isGone", () => {
  it("believes only a list of this connection", () =>
    expect([isGone("x", [run("a")], true), isGone("x", [run("a")], false), isGone("x", null, false)]).toEqual(
      [true, false, false],
    ));
  it("is false of a run that is listed, and of none", () =>
    expect([isGone("a", [run("a")], true), isGone(null, [], true)]).toEqual([false, false]));
  it("is true of every run when the list is empty", () => expect(isGone("x", [], true)).toBe(true));
});

describe("knownState", () => {
  it("does not call a run live that nobody hears", () =>
    expect(knownState("live", "lost")).toEqual({ word: "connection lost", mark: "lost" }));
  it("keeps what cannot change any more", () =>
    expect([knownState("finished", "lost").word, knownState("live", "open").word]).toEqual([
      "finished",
      "live",
    ]));
});

describe("startedText", () => {
  const now = new Date(2025, 6, 30, 12, 0);
  const said = (...at: [number, number, number, number, number]) =>
    startedText(new Date(...at).getTime() / 1000, now);
  it("gives the date when it is not today, and the year when it is not this one", () =>
    expect([said(2025, 6, 30, 9, 5), said(2025, 6, 29, 23, 59), said(2024, 6, 30, 9, 5)]).toEqual([
      "09:05",
      "29 Jul 23:59",
      "30 Jul 2024 09:05",
    ]));
});

describe("shownSplit", () => {
  const splits = ["train", "validation", "test"];
  const pick = (isFinished: boolean, wanted: string | null = null, hasEpoch = false) =>
    shownSplit(splits, { wanted, isFinished, hasEpoch });
  it("is validation while live, test when finished", () =>
    expect([pick(false), pick(true)]).toEqual(["validation", "test"]));
  it("is what the user chose", () =>
    expect([pick(true, "train"), pick(true, "gone")]).toEqual(["train", "test"]));
  it("stays on validation where the user went to an epoch", () =>
    expect(pick(true, null, true)).toBe("validation"));
  it("takes what there is", () => {
    const choice = { wanted: null, isFinished: true, hasEpoch: false };
    expect([shownSplit(["mine"], choice), shownSplit([], choice)]).toEqual(["mine", null]);
  });
  it("is named", () =>
    expect([ofSplit("test", "accuracy"), ofSplit("hold-out B", "accuracy"), ofSplit("", "accuracy")]).toEqual(
      ["Test accuracy", "hold-out B accuracy", "Accuracy"],
    ));
});

describe("errorsSentence", () => {
  const said = (...hits: number[]) => {
    const wrong = hits.reduce((a, b) => a + b, 0);
    const rate = (h: number, n: number) => ({ value: h / n, low: 0, high: 1, hits: h, n });
    return errorsSentence({
      accuracy: rate(250 - wrong, 250),
      classes: ["0", "1", "2", "3", "4", "5"],
      confused: hits.map((h, i) => ({ truth: i, predicted: i + 1, rate: rate(h, 25) })),
    });
  };
  it("names a pair only where it has more errors than any other", () =>
    expect([said(3, 1), said(1, 1, 1, 1), said(2, 2, 1)]).toEqual([
      "4 errors in 250, most 0 → 1 (3)",
      "4 errors in 250, one each",
      "5 errors in 250, no pair more than 2",
    ]));
  it("names the only pair", () =>
    expect([said(1), said(3), said()]).toEqual([
      "1 error in 250, 0 → 1",
      "3 errors in 250, all 0 → 1",
      "no errors in 250 predictions",
    ]));
});

describe("worstSentence", () => {
  const rows = (...recalls: (number | null)[]) =>
    recalls.map((v, i) => ({ name: `c${i}`, recall: v === null ? null : { value: v } })) as ClassRow[];
  it("names every class that shares the lowest recall", () =>
    expect([
      worstSentence(rows(1, 0.5, 0.5)),
      worstSentence(rows(0.5, 0.5, 0.5, 0.5)),
      worstSentence(rows(1, null)),
      worstSentence(rows(null)),
    ]).toEqual([
      "lowest recall 50.0 %: c1, c2",
      "lowest recall 50.0 %: 4 classes",
      "every class is found whole",
      "",
    ]));
});
