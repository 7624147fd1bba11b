// The project's programs as their users start them: a process, what it says, an end.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folder of the release binaries. */
export const BIN = process.env.TRAINSCOPE_BIN ?? "../target/release";

/** A program of the project, with everything that it says. */
export class Program {
  output = "";
  readonly #name: string;
  readonly #process: ChildProcess;

  constructor(name: string, args: string[]) {
    this.#name = name;
    this.#process = spawn(join(BIN, name), args, { stdio: ["ignore", "pipe", "pipe"] });
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
    throw new Error(`${this.#name} never said ${pattern}; it said:\n${this.output}`);
  }

  /** Ends the process as a crash would. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

/** The digits example with folders of its own. */
export class Training extends Program {
  readonly dir: string;
  readonly runs: string;
  readonly report: string;

  constructor(epochs: number, more: string[] = ["--port", "0", "--no-open"]) {
    const dir = mkdtempSync(join(tmpdir(), "trainscope-e2e-"));
    const [runs, report] = [join(dir, "runs"), join(dir, "report")];
    super("digits", ["--epochs", `${epochs}`, "--runs", runs, "--report", report, ...more]);
    this.dir = dir;
    this.runs = runs;
    this.report = report;
  }

  end(): void {
    this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
