// Files for the user: CSV text, PNG pictures.

/** Joins rows to CSV (RFC 4180). Absent numbers are empty, NaN and ±Inf stand by name. */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

function csvField(field: string | number | null): string {
  if (field === null) return "";
  const text = String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A file name of letters, digits, dots and hyphens. */
export function fileName(parts: readonly string[], extension: string): string {
  const safe = parts.join("-").replaceAll(/[^\p{L}\p{N}.]+/gu, "-");
  return `${safe.replaceAll(/^[-.]+|[-.]+$/g, "") || "trainscope"}.${extension}`;
}

/** Hands a file to the browser's downloads. */
export function download(name: string, content: Blob | string): void {
  const blob =
    typeof content === "string" ? new Blob([content], { type: "text/csv;charset=utf-8" }) : content;
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}
