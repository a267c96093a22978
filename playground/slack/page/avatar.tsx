/** A coloured square with a letter. The colour follows the name, so that a person looks the same everywhere. */
export function Avatar(props: { readonly name: string; readonly isBot: boolean; readonly small?: boolean }) {
  const hue = [...props.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const background = props.isBot ? '#0f766e' : `hsl(${hue} 42% 46%)`;
  return (
    <span className={props.small ? 'avatar small' : 'avatar'} style={{ background }} aria-hidden="true">
      {props.isBot ? '⚓' : props.name.slice(0, 1).toUpperCase()}
    </span>
  );
}
