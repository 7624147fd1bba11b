// Numbers, times and names as text. What is absent is "–", never 0.

/** Text of what is absent. */
export const ABSENT = "–";
const THIN_SPACE = "\u2009";

/** A count with thin spaces between thousands: `48 210`. */
export function count(n: number): string {
  const digits = String(Math.round(Math.abs(n))).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  return n < 0 ? `−${digits}` : digits;
}

/** A value with `digits` digits, decimals included; NaN and ±Inf by name. Its width hardly changes with the value. */
export function value(v: number | null | undefined, digits = 4): string {
  if (v === null || v === undefined) return ABSENT;
  if (Number.isNaN(v)) return "NaN";
  if (!Number.isFinite(v)) return v > 0 ? "+Inf" : "−Inf";
  const size = Math.abs(v);
  if (size === 0) return "0";
  if (Number.isInteger(v) && size < 1e6) return count(v);
  const text = size < 1e-3 || size >= 1e6 ? v.toExponential(digits - 2).replace("e+", "e") : plain(v, digits);
  return text.replace("-", "−").replace("e−", "e-");
}

function plain(v: number, digits: number): string {
  const whole = Math.max(0, Math.floor(Math.log10(Math.abs(v))) + 1);
  return v.toFixed(Math.max(0, digits - whole));
}

/** A share from 0 to 1 as per cent without its sign: `96.4`. */
export function percentNumber(share: number | null | undefined, decimals = 1): string {
  if (share === null || share === undefined) return ABSENT;
  if (!Number.isFinite(share)) return value(share);
  return (share * 100).toFixed(decimals).replace("-", "−");
}

/** A share from 0 to 1 as per cent: `96.4 %`. */
export function percent(share: number | null | undefined, decimals = 1): string {
  const text = percentNumber(share, decimals);
  return share === null || share === undefined || !Number.isFinite(share) ? text : `${text}${THIN_SPACE}%`;
}

/** A value of a metric: shares in per cent, the rest as numbers. */
export function metricValue(v: number | null | undefined, isShare: boolean, digits = 4): string {
  return isShare ? percent(v, v !== null && v !== undefined && Math.abs(v) > 1.5 ? 0 : 1) : value(v, digits);
}

/** A score such as F1, three decimals: `0.984`. */
export function score(v: number | null | undefined): string {
  return v !== null && v !== undefined && Number.isFinite(v) ? v.toFixed(3).replace("-", "−") : value(v);
}

/** A time span in the two largest units: `3 min 20 s`. */
export function duration(secs: number): string {
  if (!Number.isFinite(secs) || secs < 0) return ABSENT;
  if (secs < 10) return `${secs.toFixed(1)} s`;
  const whole = Math.round(secs);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (h >= 48) return `${Math.floor(h / 24)} d ${h % 24} h`;
  if (h > 0) return `${h} h ${m} min`;
  if (m > 0) return `${m} min ${s} s`;
  return `${s} s`;
}

/** `1 channel`, `2 channels`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A tensor's shape: `16×14×14`. */
export function shape(dims: readonly number[]): string {
  return dims.length === 0 ? ABSENT : dims.join("×");
}

/** A setting's value as short text. */
export function setting(v: unknown): string {
  if (v === null || v === undefined) return ABSENT;
  if (typeof v === "string") return v;
  if (typeof v === "number") return String(v);
  return JSON.stringify(v);
}

/** Bytes with a unit: `48 kB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  return n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}
