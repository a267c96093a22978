/** The state of inputs as Slack sends it: block id, action id, what is typed or chosen. */
export type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a reader makes of a submitted dialog: a value, or a sentence for each field by its block id. */
export type Read<Value> = { readonly value: Value } | { readonly errors: Readonly<Record<string, string>> };

/** What was typed into a field, without blanks around it; empty when nothing was. */
export function typed(values: Values, block: string): string {
  const value = field(values, block, 'value');
  return typeof value === 'string' ? value.replace(/\r\n?/g, '\n').trim() : '';
}

/** The value of the chosen option of a select or of radio buttons. */
export function chosen(values: Values, block: string): string | undefined {
  const option = field(values, block, 'selected_option');
  const value = isRecord(option) ? option.value : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Slack holds the value under the action's id; each of our blocks has one input. */
function field(values: Values, block: string, name: string): unknown {
  const [input] = Object.values(values[block] ?? {});
  return isRecord(input) ? input[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
