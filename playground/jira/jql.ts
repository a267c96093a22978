import type { Issue } from './issues.ts';
import { refused } from './problems.ts';

type Clause = { readonly field: string; readonly value: string };
type Query = {
  readonly clauses: readonly Clause[];
  readonly order: { readonly field: string; readonly descending: boolean } | undefined;
};

const token = /\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_.-]+)|(=))/y;

/**
 * The part of JQL that this Jira knows: `field = value` joined by AND, for project, labels, key, issuetype and
 * status, with ORDER BY created or key. What it does not know it refuses, as Jira does.
 */
export function search(
  jql: string,
  issues: readonly Issue[],
  rules: { readonly projects: readonly string[]; readonly bounded: boolean },
): readonly Issue[] {
  const { clauses, order } = parsed(jql);
  if (rules.bounded && clauses.length === 0)
    throw refused(
      'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    );
  const wanted = clauses.find(({ field }) => field === 'project');
  if (wanted && !rules.projects.includes(wanted.value))
    throw refused(`The value '${wanted.value}' does not exist for the field 'project'.`);
  const found = issues.filter((issue) => clauses.every((clause) => fits(issue, clause)));
  const ascending = found.toSorted((a, b) => Number(a.id) - Number(b.id));
  return (order?.descending ?? true) ? ascending.toReversed() : ascending;
}

function fits(issue: Issue, { field, value }: Clause): boolean {
  switch (field) {
    case 'project':
      return issue.project === value;
    case 'labels':
      return issue.labels.includes(value);
    case 'key':
      return issue.key === value;
    case 'issuetype':
      return issue.issueType === value;
    case 'status':
      return issue.status === value;
    default:
      throw refused(`Field '${field}' does not exist or you do not have permission to view it.`);
  }
}

function parsed(jql: string): Query {
  const words = wordsOf(jql);
  const clauses: Clause[] = [];
  let at = 0;
  const expect = (what: string) => {
    if (words[at]?.toUpperCase() !== what) throw misread(jql, words[at]);
    at += 1;
  };
  while (at < words.length && words[at]?.toUpperCase() !== 'ORDER') {
    if (clauses.length > 0) expect('AND');
    const field = words[at]?.toLowerCase();
    at += 1;
    expect('=');
    const value = words[at];
    at += 1;
    if (field === undefined || value === undefined) throw misread(jql, value);
    clauses.push({ field, value });
  }
  if (at === words.length) return { clauses, order: undefined };
  expect('ORDER');
  expect('BY');
  const field = words[at]?.toLowerCase() ?? '';
  const direction = words[at + 1]?.toUpperCase() ?? 'ASC';
  if (!['created', 'key'].includes(field) || !['ASC', 'DESC'].includes(direction) || words.length > at + 2)
    throw misread(jql, words.at(-1));
  return { clauses, order: { field, descending: direction === 'DESC' } };
}

function wordsOf(jql: string): readonly string[] {
  const words: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < jql.trimEnd().length) {
    const from = token.lastIndex;
    const match = token.exec(jql);
    if (!match) throw misread(jql, jql.slice(from).trim()[0]);
    words.push(match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? '=');
  }
  return words;
}

function misread(jql: string, word: string | undefined) {
  const where = word === undefined ? 'the end of the query' : `'${word}'`;
  return refused(`Error in the JQL Query: Expecting something else, but got ${where} in '${jql}'.`);
}
