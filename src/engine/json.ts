import canonicalize from 'canonicalize';

/**
 * The value as it comes back from the database: plain JSON, without what PostgreSQL cannot keep in a
 * string (the character U+0000 and halves of surrogate pairs), which become U+FFFD. Events are made
 * storable before they are folded, so that folding them again gives the same state.
 */
export function storable<Value>(value: Value): Value {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  );
  return text === undefined ? value : JSON.parse(text);
}

/** The same for a single text. */
function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** Canonical JSON (RFC 8785): equal values have equal texts, whatever the order of their keys. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('There is no JSON for this value.');
  return text;
}
