// Expressions as far as the builders understand them (processes/README.md, "Expressions"): everything else is left alone.

/** [name, [arguments]] of a text that is one call: hours(3, after=now()) → ["hours", ["3", "after=now()"]]; else null. */
export function call(text) {
  const found = text.trim().match(/^([a-z_]+)\((.*)\)$/s);
  if (!found) return null;
  const parts = split(found[2], ",");
  return parts && [found[1], parts.map((part) => part.trim()).filter((part, index) => part || index)];
}

/** Cut at a separator that stands outside of quotes and brackets; null where these don't close. */
export function split(text, separator) {
  const parts = [];
  let [depth, quote, from] = [0, "", 0];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quote) quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if ("([".includes(sign)) depth += 1;
    else if (")]".includes(sign)) {
      depth -= 1;
      if (depth < 0) return null;
    } else if (depth === 0 && text.startsWith(separator, at)) {
      parts.push(text.slice(from, at));
      from = at + separator.length;
      at = from - 1;
    }
  }
  return depth || quote ? null : [...parts, text.slice(from)];
}

export const quoted = (text) => `"${String(text).replaceAll('"', "'")}"`;
export const unquoted = (text) => text?.match(/^"([^"]*)"$|^'([^']*)'$/)?.slice(1).find((part) => part !== undefined) ?? null;
