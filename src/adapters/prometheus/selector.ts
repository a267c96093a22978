import { RE2JS } from 're2js';
import { GiveUp } from '../../errors.ts';

type Operator = '=' | '!=' | '=~' | '!~';
export type Matcher = { readonly label: string; readonly operator: Operator; readonly value: string };
/** A plain PromQL selector: no functions, no ranges, nothing to inject into. The name of the metric is a matcher too. */
export type Selector = readonly Matcher[];

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const matcherHead = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*/;
const quoted = /^(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`]*)`)\s*/;
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/**
 * Reads a selector of the settings and puts the names of flag and environment into its values. Values are
 * replaced after parsing and quoted anew on the way out, so that no name can end a string.
 */
export function readSelector(
  text: string,
  names: { readonly flag: string; readonly environment: string },
): Selector {
  const unfit = (why: string) =>
    new GiveUp(
      `The selector \`${text}\` of the rollout settings is not a plain one: ${why}. Write a metric with labels, such as http_requests_total{route="order"}.`,
    );
  const name = metricName.exec(text.trim())?.[0];
  const matchers: Matcher[] = name ? [{ label: '__name__', operator: '=', value: name }] : [];
  let rest = text.trim().slice(name?.length ?? 0);
  rest = rest.trimStart();
  if (rest === '' && name) return matchers;
  if (!rest.startsWith('{')) throw unfit(`"${rest.slice(0, 20)}" is not a list of labels`);
  rest = rest.slice(1).trimStart();
  while (!rest.startsWith('}')) {
    const head = matcherHead.exec(rest);
    if (!head) throw unfit(`"${rest.slice(0, 20)}" is not a label with a value`);
    const string = quoted.exec(rest.slice(head[0].length));
    if (!string) throw unfit(`the value of "${head[1]}" is not in quotes`);
    const operator = operatorOf(head[2]);
    const value = string[3] ?? unescaped(string[1] ?? string[2] ?? '', unfit);
    matchers.push({ label: head[1] ?? '', operator, value: filledIn(value, operator, names) });
    rest = rest.slice(head[0].length + string[0].length);
    if (rest.startsWith(',')) rest = rest.slice(1).trimStart();
    else if (!rest.startsWith('}'))
      throw unfit(`after the value of "${head[1]}" comes "${rest.slice(0, 20)}"`);
  }
  if (rest.slice(1).trim() !== '')
    throw unfit(`after its labels comes "${rest.slice(1).trim().slice(0, 20)}"`);
  if (!matchers.some(({ label }) => label === '__name__')) throw unfit('it names no metric');
  for (const { operator, value } of matchers) {
    if (operator === '=~' || operator === '!~') compiled(value, unfit);
  }
  return matchers;
}

/** A selector narrowed by exact labels. */
export function narrowed(selector: Selector, labels: Readonly<Record<string, string>>): Selector {
  return [
    ...selector,
    ...Object.entries(labels).map(([label, value]): Matcher => ({ label, operator: '=', value })),
  ];
}

/** As PromQL. */
export function written(selector: Selector): string {
  return `{${selector.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`).join(',')}}`;
}

/** Whether it selects a series, for sources that do not select by themselves. A missing label is an empty one. */
export function selects(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  return selector.every(({ label, operator, value }) => {
    const is = labels[label] ?? '';
    const fits = operator.endsWith('~') ? RE2JS.compile(value, RE2JS.DOTALL).matches(is) : is === value;
    return fits !== operator.startsWith('!');
  });
}

function operatorOf(text: string | undefined): Operator {
  return text === '!=' || text === '=~' || text === '!~' ? text : '=';
}

function unescaped(text: string, unfit: (why: string) => GiveUp): string {
  return text.replace(/\\(.)/g, (whole, letter: string) => {
    const plain = escapes[letter];
    if (plain === undefined) throw unfit(`it has the escape "${whole}"`);
    return plain;
  });
}

function filledIn(
  value: string,
  operator: Operator,
  names: { readonly flag: string; readonly environment: string },
): string {
  const literal = (name: string) => (operator.endsWith('~') ? RE2JS.quote(name) : name);
  return value.replace(/\$(flag|environment)\b/g, (_, name: 'flag' | 'environment') => literal(names[name]));
}

function compiled(pattern: string, unfit: (why: string) => GiveUp): void {
  try {
    RE2JS.compile(pattern);
  } catch {
    throw unfit(`"${pattern}" is not a regular expression`);
  }
}
