// A form's JSON as the editor wants it, and back. What an owner did not touch comes back as it was, to the letter: ids (which the
// editor demands to be unique, our files do not), the order of names, what the editor fills in by itself while reading, layouts
// (it puts each field into a row of its own), the schema version, and everything that it knows nothing of.
const HALF = 8; // of 16 columns: all that our pages know besides a whole line
const FIRST = ["type", "id", "key", "path", "label", "text"]; // of a new field

/** {schema, kept}: the schema to import and what `closed` has to put back. */
export function opened(json) {
  const components = new Map();
  const original = JSON.parse(json);
  const renamed = (component) => {
    const id = `c${components.size + 1}`;
    components.set(id, { original: component, added: {} });
    const made = { ...component, id };
    if (Array.isArray(component.components)) made.components = component.components.map(renamed);
    return made;
  };
  const schema = { ...original, components: (original.components ?? []).map(renamed) };
  return { schema, kept: { original, components } };
}

/** After the import: what the editor has filled in by itself. */
export function filledIn(fields, kept) {
  for (const field of fields) {
    const { original, added } = kept.components.get(field.id);
    for (const [name, value] of Object.entries(field)) if (!(name in original)) added[name] = JSON.stringify(value);
  }
}

/** The text of a form as it is stored. */
export function closed(schema, { original, components }) {
  const used = new Set([...components.values()].map((one) => one.original.id));
  const made = { ...schema, schemaVersion: original.schemaVersion, components: restored(schema.components ?? [], components, used) };
  return `${JSON.stringify(ordered(made, Object.keys(original)), null, 2)}\n`;
}

function restored(fields, kept, used) {
  const rows = Map.groupBy(fields, ({ layout, id }) => layout?.row ?? id);
  return fields.map((field) => {
    const before = kept.get(field.id);
    const made = { ...field, id: before ? before.original.id : fresh(field, used) };
    for (const [name, value] of Object.entries(before?.added ?? {})) if (JSON.stringify(field[name]) === value) delete made[name];
    if (field.properties?.register && !before?.original.values) delete made.values; // rows of the register are the answers
    made.layout = layoutOf(field, before?.original, rows.get(field.layout?.row ?? field.id).length > 1);
    if (field.components) made.components = restored(field.components, kept, used);
    return ordered(made, before ? Object.keys(before.original) : FIRST);
  });
}

function fresh({ key, path, type }, used) {
  const wanted = `Field_${key ?? path ?? type}`;
  let id = wanted;
  for (let number = 2; used.has(id); number += 1) id = `${wanted}_${number}`;
  used.add(id);
  return id;
}

function layoutOf({ layout = {} }, before, hasNeighbours) {
  const columns = layout.columns ?? undefined;
  const old = before?.layout;
  const sameRow = old?.row ? old.row === layout.row : !hasNeighbours;
  if (before && columns === (old?.columns ?? undefined) && sameRow) return old;
  if (hasNeighbours) return { row: layout.row, columns: HALF };
  return columns === HALF ? { columns: HALF } : undefined;
}

function ordered(made, names) {
  const wanted = [...names, ...Object.keys(made)];
  return Object.fromEntries(wanted.filter((name) => made[name] !== undefined).map((name) => [name, made[name]]));
}
