import type { NodeState } from '#contract/instance.ts';
import { isStorable, textLimit } from '#server/text.ts';

/** What is kept of one node of an embedded cluster. Its pods, usage and conditions are dropped. */
export type ClusterNode = NodeState;

const nodesLimit = 2000;
const rolesLimit = 20;

/**
 * The nodes of an embedded cluster, by name. KOTS sends the bare list; `{"nodes": […]}` is read as well.
 * @returns null when it is neither
 */
export function parseNodes(json: string): ClusterNode[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return null;
  }
  const list = isObject(parsed) && !Array.isArray(parsed) ? parsed.nodes : parsed;
  if (!Array.isArray(list) || list.length > nodesLimit) return null;
  const nodes: ClusterNode[] = [];
  for (const entry of list) {
    const node = parseNode(entry);
    if (!node) return null;
    nodes.push(node);
  }
  return nodes.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function parseNode(entry: unknown): ClusterNode | null {
  if (!isObject(entry) || !isText(entry.name) || entry.name === '') return null;
  const roles = entry.roles ?? [];
  if (!Array.isArray(roles) || roles.length > rolesLimit || !roles.every(isText)) return null;
  return {
    name: entry.name,
    roles: roles.toSorted(),
    isReady: entry.isReady === true,
    isConnected: entry.isConnected === true,
    operatingSystem: isText(entry.operatingSystem) ? entry.operatingSystem : '',
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= textLimit && isStorable(value);
}
