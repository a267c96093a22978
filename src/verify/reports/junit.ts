import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import type { Reported } from '../results.ts';
import type { ParsedReport } from './index.ts';

const attributes = z.record(z.string(), z.string());
type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
};

/** JUnit XML: `node --test --test-reporter=junit`, jest-junit, mocha-junit-reporter, vitest. Entities are never expanded by the parser. */
export function parseJunit(text: string): ParsedReport {
  if (text.split('<?xml').length > 2 || text.split(/<\/testsuites\s*>/).length > 2)
    return { kind: 'several' };
  const start = text.search(/<\?xml|<testsuites?[\s>]/);
  const xml = start === -1 ? '' : text.slice(start).trimEnd();
  const valid = xml === '' ? undefined : XMLValidator.validate(xml);
  if (valid !== true) {
    const because =
      valid === undefined ? 'it holds no JUnit document' : `${valid.err.msg} (line ${valid.err.line})`;
    return { kind: 'malformed', because };
  }
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    processEntities: false,
    parseAttributeValue: false,
    parseTagValue: false,
  });
  const roots = elements(parser.parse(xml)).filter(
    ({ name }) => name === 'testsuites' || name === 'testsuite',
  );
  const [top] = roots;
  if (top === undefined) return { kind: 'malformed', because: 'it has no <testsuites>' };
  if (roots.length > 1) return { kind: 'several' };
  const found = casesOf(top.name === 'testsuites' ? top.children : [top], [], undefined);
  // A file of node --test that reported tests is not itself one: it is when it is a plain script.
  const withTests = new Set(found.filter(({ whole }) => !whole).map(({ reported }) => reported.file));
  return {
    kind: 'tests',
    reported: found
      .filter(
        ({ whole, reported }) => !whole || reported.outcome === 'failed' || !withTests.has(reported.file),
      )
      .map(({ reported }) => reported),
  };
}

type Found = { readonly reported: Reported; readonly whole: boolean };

function casesOf(
  children: readonly Element[],
  suites: readonly string[],
  file: string | undefined,
): readonly Found[] {
  return children.flatMap((element): readonly Found[] => {
    if (element.name === 'testsuite') {
      const name = decoded(element.attributes.name ?? '');
      const at = element.attributes.file ?? file ?? (isPath(name) ? name : undefined);
      return casesOf(element.children, name === at || name === '' ? suites : [...suites, name], at);
    }
    return element.name === 'testcase' ? [caseOf(element, suites, file)] : [];
  });
}

function caseOf(element: Element, suites: readonly string[], suiteFile: string | undefined): Found {
  const name = decoded(element.attributes.name ?? '');
  const classname = decoded(element.attributes.classname ?? '');
  const file = element.attributes.file ?? suiteFile ?? (isPath(classname) ? classname : undefined);
  const whole = suites.length === 0 && isPath(name) && (file === undefined || sameFile(file, name));
  const child = (kind: string) => element.children.find((each) => each.name === kind);
  const bad = child('failure') ?? child('error');
  const outcome = child('skipped') ? 'skipped' : bad ? 'failed' : 'passed';
  return {
    whole,
    reported: {
      file: whole ? (file ?? name) : file,
      titles: whole ? [] : [...suites, name],
      outcome,
      failure: outcome === 'failed' && bad ? { message: messageOf(bad) } : undefined,
    },
  };
}

/** The text of node's report wraps the cause; its `message` attribute is the assertion itself. */
function messageOf(element: Element): string {
  const said = decoded(element.attributes.message ?? '').trim();
  const text = decoded(element.text).trim();
  if (said === '' || said === 'test failed') return text || said || 'failed';
  return `${said}\n${text
    .split('\n')
    .filter((line) => /^\s+(at |expected:|actual:)|^(Expected|Received):/.test(line))
    .sort((one, other) => Number(/^\s+at /.test(other)) - Number(/^\s+at /.test(one)))
    .join('\n')}`;
}

function isPath(name: string): boolean {
  return /^[^\s>]*\.[cm]?[jt]sx?$/.test(name);
}

function sameFile(file: string, name: string): boolean {
  return file === name || file.endsWith(`/${name}`);
}

function elements(nodes: unknown): readonly Element[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown): readonly Element[] => {
    if (typeof node !== 'object' || node === null) return [];
    const [name, content] = Object.entries(node).find(([key]) => key !== ':@') ?? [];
    if (name === undefined || name.startsWith('?') || name === '#text') return [];
    const given = attributes.safeParse(':@' in node ? node[':@'] : {});
    return [{ name, attributes: given.data ?? {}, children: elements(content), text: textOf(content) }];
  });
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  return nodes
    .map((node: unknown) =>
      typeof node === 'object' && node !== null && '#text' in node ? String(node['#text']) : '',
    )
    .join('');
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  const once = text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(lt|gt|amp|quot|apos));/g, (all, ten, hex, name) => {
    if (name !== undefined) return named[name] ?? all;
    const point = ten === undefined ? Number.parseInt(hex, 16) : Number(ten);
    return point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });
  // node's reporter escapes quotes twice in attributes.
  return once.replaceAll('&quot;', '"');
}
