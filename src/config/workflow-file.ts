import type { z } from 'zod';
import { type Workflow, workflow } from '../domain/workflow.ts';
import { type Parsed, parseYaml } from './yaml.ts';

/** The name of the file at the root of a repository. */
export const workflowFileName = '.slipway.yml';

/** Reads the text of a `.slipway.yml`: how this team works, or every problem with its place. */
export function readWorkflow(text: string): Parsed<Workflow> {
  return parseYaml(workflow, text, workflowFileName);
}

/** What a verdict rests on: whom to ask about the file changes nothing in it. */
const rules = workflow.partial({ owner: true });

/** Reads a `.slipway.yml` to judge a checkout by, where an owner may be missing. */
export function readRules(text: string): Parsed<z.infer<typeof rules>> {
  return parseYaml(rules, text, workflowFileName);
}
