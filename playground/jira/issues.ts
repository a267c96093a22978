import { z } from 'zod';
import { fieldsRefused } from './problems.ts';

export type Flavour = 'cloud' | 'server';

export type Project = {
  readonly key: string;
  readonly name: string;
  readonly issueTypes: readonly string[];
  /** Fields that must be filled in besides those of Jira itself: their id and the name people see. */
  readonly required?: Readonly<Record<string, string>>;
  /** Fields that are not on the create screen. */
  readonly hidden?: readonly string[];
};

export type Issue = {
  /** The number that every issue of this Jira has for itself. */
  readonly id: string;
  readonly key: string;
  readonly project: string;
  readonly issueType: string;
  readonly summary: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly status: string;
  readonly created: string;
  readonly reporter: string;
};

export type Store = {
  all(): readonly Issue[];
  find(idOrKey: string): Issue | undefined;
  create(body: unknown, by: { readonly reporter: string; readonly version: string }): Issue;
  /** As a person does it in the browser. */
  change(
    key: string,
    change: Partial<Pick<Issue, 'key' | 'project' | 'labels' | 'status' | 'summary'>>,
  ): void;
  remove(key: string): void;
};

const request = z.object({
  fields: z.looseObject({
    project: z.object({ key: z.string().optional(), id: z.string().optional() }).optional(),
    issuetype: z.object({ name: z.string().optional(), id: z.string().optional() }).optional(),
    summary: z.string().optional(),
    description: z.unknown().optional(),
    labels: z.array(z.string()).optional(),
  }),
});
type Fields = z.infer<typeof request>['fields'];

const longest = { summary: 255, description: 32_767, label: 255 };

/** The issues of one Jira, with the checks it makes before it takes one. */
export function openStore(projects: readonly Project[], flavour: Flavour): Store {
  let issues: readonly Issue[] = [];
  let lastId = 10_000;
  const counts = new Map<string, number>();

  return {
    all: () => issues,
    find: (idOrKey) => issues.find(({ id, key }) => id === idOrKey || key === idOrKey),
    create(body, { reporter, version }) {
      const read = request.safeParse(body);
      if (!read.success)
        throw fieldsRefused({
          [read.error.issues[0]?.path.at(1)?.toString() ?? 'fields']: 'data was malformed',
        });
      const { fields } = read.data;
      const project = projects.find(({ key }) => key === fields.project?.key);
      const errors = problemsOf(fields, { project, adf: flavour === 'cloud' && version === '3' });
      if (!project || Object.keys(errors).length > 0) throw fieldsRefused(errors);
      lastId += 1;
      const count = (counts.get(project.key) ?? 0) + 1;
      counts.set(project.key, count);
      const issue: Issue = {
        id: String(lastId),
        key: `${project.key}-${count}`,
        project: project.key,
        issueType: fields.issuetype?.name ?? '',
        summary: fields.summary ?? '',
        description: typeof fields.description === 'string' ? fields.description : '',
        labels: fields.labels ?? [],
        status: 'To Do',
        created: new Date().toISOString().replace('Z', '+0000'),
        reporter,
      };
      issues = [...issues, issue];
      return issue;
    },
    change(key, change) {
      issues = issues.map((issue) => (issue.key === key ? { ...issue, ...change } : issue));
    },
    remove(key) {
      issues = issues.filter((issue) => issue.key !== key);
    },
  };
}

function problemsOf(
  fields: Fields,
  { project, adf }: { readonly project: Project | undefined; readonly adf: boolean },
): Record<string, string> {
  if (!project) return { project: 'valid project is required' };
  const { issuetype, summary = '', description = '', labels = [] } = fields;
  const errors: Record<string, string> = {};
  if (!issuetype?.name || !project.issueTypes.includes(issuetype.name))
    errors.issuetype = 'Specify a valid issue type';
  if (summary.trim() === '') errors.summary = 'You must specify a summary of the issue.';
  if (/[\r\n]/.test(summary))
    errors.summary = 'The summary is invalid because it contains newline characters.';
  if (summary.length > longest.summary) errors.summary = 'Summary must be less than 255 characters.';
  if (adf && typeof description === 'string' && description !== '')
    errors.description = 'Operation value must be an Atlassian Document (see the Atlassian Document Format)';
  if (typeof description === 'string' && description.length > longest.description)
    errors.description = 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.';
  const blank = labels.find((label) => /\s/.test(label));
  if (blank !== undefined) errors.labels = `The label '${blank}' contains spaces which is invalid.`;
  const long = labels.find((label) => label.length > longest.label);
  if (long !== undefined) errors.labels = `The label '${long}' exceeds 255 characters.`;
  for (const [field, name] of Object.entries(project.required ?? {}))
    if (fields[field] === undefined) errors[field] = `${name} is required.`;
  for (const field of project.hidden ?? [])
    if (fields[field] !== undefined)
      errors[field] = `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;
  return errors;
}
