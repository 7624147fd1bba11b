// A training of the digits example as its user starts it: a process, a link, an end.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folder of the release binaries. */
export const BIN = process.env.TRAINSCOPE_BIN ?? "../target/release";

export class Training {
  readonly dir = mkdtempSync(join(tmpdir(), "trainscope-e2e-"));
  readonly runs = join(this.dir, "runs");
  readonly report = join(this.dir, "report");
  output = "";
  #process: ChildProcess;

  constructor(epochs: number) {
    const args = [
      "--port",
      "0",
      "--no-open",
      "--runs",
      this.runs,
      "--report",
      this.report,
      "--epochs",
      `${epochs}`,
    ];
    this.#process = spawn(join(BIN, "digits"), args, { stdio: ["ignore", "pipe", "pipe"] });
    const keep = (text: Buffer) => {
      this.output += text.toString();
    };
    this.#process.stdout?.on("data", keep);
    this.#process.stderr?.on("data", keep);
  }

  /** The first match of `pattern` in what the program printed. */
  async said(pattern: RegExp, withinMs = 90_000): Promise<RegExpMatchArray> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
      const match = this.output.match(pattern);
      if (match) return match;
      if (this.#process.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`digits never said ${pattern}; it said:\n${this.output}`);
  }

  /** Ends the process as a crash would. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  end(): void {
    this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
