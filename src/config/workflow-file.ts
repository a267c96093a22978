import { type Workflow, workflow } from '../domain/workflow.ts';
import { type Parsed, parseYaml } from './yaml.ts';

/** The name of the file at the root of a repository. */
export const workflowFileName = '.slipway.yml';

/** Reads the text of a `.slipway.yml`: how this team works, or every problem with its place. */
export function readWorkflow(text: string): Parsed<Workflow> {
  return parseYaml(workflow, text, workflowFileName);
}
