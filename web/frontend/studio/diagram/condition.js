// A condition as rows that a person can read: {joined: "and" | "or", rows: [{path, operator, value, kind}]}.
// What isn't of this shape stays an expression.
import { split, unquoted } from "./calls";

const ROW = /^(number\()?([a-z_]\w*\.\w+)(\))?\s*(==|!=|<=|>=|<|>|\bin\b)\s*(.+)$/s;

/** The rows of an expression, or null where the builder can't show it. */
export function read(text) {
  if (!text.trim()) return { joined: "and", rows: [] };
  const [ands, ors] = [split(text, " and "), split(text, " or ")];
  if (!ands || !ors || (ands.length > 1 && ors.length > 1)) return null;
  const joined = ors.length > 1 ? "or" : "and";
  const rows = (joined === "or" ? ors : ands).map((part) => row(part.trim()));
  return rows.every(Boolean) ? { joined, rows } : null;
}

function row(text) {
  const found = text.match(ROW);
  if (!found || Boolean(found[1]) !== Boolean(found[3])) return null;
  const [, decimal, path, , operator, written] = found;
  const value = literal(written.trim());
  if (value === undefined || Array.isArray(value) !== (operator === "in")) return null;
  return { path, operator, value, decimal: Boolean(decimal) };
}

/** A literal's value: text, number, true, false, null, a list of texts; undefined for anything else. */
function literal(text) {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text in CONSTANTS) return CONSTANTS[text];
  const plain = unquoted(text);
  if (plain !== null) return plain;
  const list = text.match(/^\[(.*)\]$/s);
  const parts = list && split(list[1], ",")?.map((part) => unquoted(part.trim()));
  return parts && parts.every((part) => part !== null) ? parts : undefined;
}
const CONSTANTS = { True: true, False: false, None: null };

export function write({ joined, rows }) {
  return rows.map(written).join(` ${joined} `);
}

function written({ path, operator, value, decimal }) {
  return `${decimal ? `number(${path})` : path} ${operator} ${spelled(value)}`;
}

function spelled(value) {
  if (Array.isArray(value)) return `[${value.map(spelled).join(", ")}]`;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : `"${String(value).replaceAll('"', "'")}"`;
}
