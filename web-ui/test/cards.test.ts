import { describe, expect, it } from "vitest";
import { cardsFromSeries, leafOf, titleOf } from "../src/cards";
import { figuresOf } from "../src/figures";

const step = (name: string) => ({ name, index: "step" as const });
const epoch = (name: string) => ({ name, index: "epoch" as const });
const OURS = [
  step("train/accuracy"),
  epoch("train/epoch_accuracy"),
  epoch("train/epoch_loss"),
  step("train/loss"),
  epoch("validation/epoch_accuracy"),
  epoch("validation/epoch_loss"),
];

describe("cardsFromSeries", () => {
  it("pairs training with validation and names the cards", () => {
    const cards = cardsFromSeries([...OURS, step("lr"), step("optim/grad_norm")]);
    expect(
      cards.map((card) => [card.metric, card.title, card.series.map((one) => one.label).join("+")]),
    ).toEqual([
      ["loss", "Loss per batch", "train"],
      ["accuracy", "Accuracy per batch", "train"],
      ["epoch_loss", "Loss per epoch", "train+validation"],
      ["epoch_accuracy", "Accuracy per epoch", "train+validation"],
      ["grad_norm", "Gradient norm", "optim"],
      ["lr", "Learning rate", "lr"],
    ]);
  });

  it("shows accuracies as shares and knows which way is better", () => {
    const kinds = cardsFromSeries(OURS).map((card) => [card.isShare, card.better]);
    expect(kinds).toEqual([
      [false, "low"],
      [true, "high"],
      [false, "low"],
      [true, "high"],
    ]);
  });

  it("gives validation another colour than training, whichever came first", () => {
    const [card] = cardsFromSeries([epoch("validation/epoch_loss"), epoch("train/epoch_loss")]);
    expect(card?.series.map((one) => [one.label, one.colour])).toEqual([
      ["train", 0],
      ["validation", 1],
    ]);
  });

  it("keeps steps and epochs of one leaf apart", () => {
    const cards = cardsFromSeries([step("train/loss"), epoch("validation/loss")]);
    expect(cards.map((card) => [card.metric, card.title])).toEqual([
      ["loss-epoch", "Loss per epoch"],
      ["loss-step", "Loss per batch"],
    ]);
  });

  it("never gives two series of a card one colour", () => {
    const names = ["a/x", "b/x", "c/x", "train/x", "val/x", "validation/x"].map(step);
    const colours = cardsFromSeries(names)[0]!.series.map((one) => one.colour);
    expect(new Set(colours).size).toBe(6);
  });

  it("has no cards without series", () => expect(cardsFromSeries([])).toEqual([]));
});

describe("names", () => {
  it("takes the leaf", () => expect(["a/b/c", "c", "a/"].map(leafOf)).toEqual(["c", "c", "a/"]));
  it("writes words", () => expect(titleOf("my_own_metric")).toBe("My own metric"));
  it("leaves hostile names as text", () => expect(titleOf("<b>x</b>")).toBe("<b>x</b>"));
});

describe("figuresOf", () => {
  it("names each quantity once, the telling ones first", () => {
    expect(figuresOf([...OURS, step("lr")], 5).map((one) => `${one.title} = ${one.name}`)).toEqual([
      "Train loss = train/loss",
      "Validation accuracy = validation/epoch_accuracy",
      "Validation loss = validation/epoch_loss",
      "Train accuracy = train/accuracy",
      "Learning rate = lr",
    ]);
  });
});
