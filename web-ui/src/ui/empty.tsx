// A place with nothing to show says why, and what to do.
import type { ComponentChildren } from "preact";

/** A sentence in the middle of an empty page. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <section class="empty">
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  );
}
