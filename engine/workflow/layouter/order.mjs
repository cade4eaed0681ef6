/** Which flows go back (loops), and the column of every node. */

/** Mark `flow.back` and set `node.column`, 0 is the leftmost. A boundary event stands in its host's column. */
export function order(graph) {
  for (const flow of graph.flows) flow.back = flow.source === flow.target;
  const distance = distances(graph);
  markLoops(graph.nodes, graph.flows.filter((flow) => !flow.back), distance);
  setColumns(graph);
}

/** Steps from the nearest node that nothing leads to. */
function distances({ nodes, flows }) {
  const reached = new Set(flows.filter((flow) => !flow.back).map((flow) => flow.target));
  const found = new Map();
  let front = nodes.filter((node) => !reached.has(node));
  for (const node of front) found.set(node, 0);
  while (front.length) {
    const next = [];
    for (const node of front)
      for (const flow of flows)
        if (flow.source === node && !found.has(flow.target)) {
          found.set(flow.target, found.get(node) + 1);
          next.push(flow.target);
        }
    front = next;
  }
  return (node) => found.get(node) ?? Infinity;
}

/** In every cycle group the node nearest the start is the header; what leads into it from the group goes back. */
function markLoops(nodes, flows, distance) {
  for (const group of components(nodes, flows)) {
    if (group.length < 2) continue;
    const members = new Set(group);
    const inside = flows.filter((flow) => members.has(flow.source) && members.has(flow.target));
    const ordered = nodes.filter((node) => members.has(node));
    let header = ordered[0];
    for (const node of ordered) if (distance(node) < distance(header)) header = node;
    for (const flow of inside) if (flow.target === header) flow.back = true;
    markLoops(ordered, inside.filter((flow) => !flow.back), distance);
  }
}

/** Strongly connected components (Tarjan 1972). */
function components(nodes, flows) {
  const next = new Map(nodes.map((node) => [node, []]));
  for (const flow of flows) next.get(flow.source).push(flow.target);
  const number = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (node) => {
    number.set(node, number.size);
    low.set(node, number.get(node));
    stack.push(node);
    for (const other of next.get(node)) {
      if (!number.has(other)) visit(other);
      if (stack.includes(other)) low.set(node, Math.min(low.get(node), low.get(other)));
    }
    if (low.get(node) === number.get(node)) found.push(stack.splice(stack.indexOf(node)));
  };
  for (const node of nodes) if (!number.has(node)) visit(node);
  return found;
}

/** Longest path without back flows; what nothing leads to moves right, up to its successor. */
function setColumns({ nodes, flows }) {
  const forward = flows.filter((flow) => !flow.back);
  for (const node of nodes) node.column = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (const { source, target } of forward)
      if (target.column <= source.column) {
        target.column = source.column + 1;
        changed = true;
      }
  }
  for (const node of nodes) {
    const after = forward.filter((flow) => flow.source === node).map((flow) => flow.target.column);
    if (after.length && !forward.some((flow) => flow.target === node)) node.column = Math.min(...after) - 1;
  }
}
