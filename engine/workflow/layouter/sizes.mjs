/** Sizes of shapes and texts, in px. The width of a text is estimated: no canvas, the same result everywhere. */

export const TASK = { width: 120, height: 80 };
export const EVENT = { width: 36, height: 36 };
export const GATEWAY = { width: 50, height: 50 };
export const BREACH_END = { width: 24, height: 24 };
export const BREACH_GAP = 16; // between a timer and the small end event below it
export const HEADER = 30; // of the pool, of a lane, and of an expanded sub-process
export const SLOT = 100; // room for one of several boundary events with its name
export const FONT = 11;
export const LINE = 14;
export const WRAP = { event: 90, end: 90, gateway: 100, boundary: 72, flow: 110 };

const OWN_SIZE = { task: TASK, event: EVENT, end: EVENT, gateway: GATEWAY, boundary: EVENT, subprocess: TASK };

/** The size that a node of this kind is drawn in, before boundary events or contents ask for more. */
export function sizeOf(kind) {
  return OWN_SIZE[kind] ?? TASK;
}

function charWidth(char, font) {
  return (char.codePointAt(0) > 0x2e7f ? 11.2 : 6.4) * (font / FONT);
}

export function textWidth(text, font = FONT) {
  let width = 0;
  for (const char of text) width += charWidth(char, font);
  return width;
}

/** Words of Latin script stay whole, Chinese breaks anywhere but before a closing mark. */
function pieces(text) {
  return text.match(/[!-\u2e7f]+[，。？！、）：；”]*|\s|[^][，。？！、）：；”]*/gu) ?? [];
}

function breakLines(text, limit, font) {
  const lines = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const piece of pieces(paragraph)) {
      if (line && textWidth(line + piece, font) > limit) {
        lines.push(line.trim());
        line = piece.trim();
      } else line += piece;
    }
    lines.push(line.trim());
  }
  return lines;
}

/**
 * Break a name into lines of at most `limit` px, of about the same length: full lines and a single character read badly.
 *
 * Returns {lines, width, height}, width rounded up and with 2 px to spare.
 */
export function wrap(text, limit, font = FONT) {
  const most = (lines) => Math.max(...lines.map((line) => textWidth(line, font)));
  let lines = breakLines(text, limit, font);
  for (let narrower = most(lines) - 1; narrower > FONT; narrower -= 4) {
    const found = breakLines(text, narrower, font);
    if (found.length > lines.length || most(found) > limit) break;
    lines = found;
  }
  return { lines, width: Math.ceil(most(lines)) + 2, height: LINE * lines.length };
}
