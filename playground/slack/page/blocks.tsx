import type { Block } from '../model.ts';
import { Control, INTERACTIVE } from './controls.tsx';
import { type Fields, fieldsOf, useForm, words } from './form-context.ts';
import { Rendered } from './rendered.tsx';

/** All blocks of a message, modal or Home tab. What only shows is the library's; what can be used is ours. */
export function Blocks(props: { readonly blocks: readonly Block[] }) {
  return (
    <div className="blocks">
      {props.blocks.map((block) => (
        <BlockView key={block.block_id} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  const { sight } = useForm();
  switch (block.type) {
    case 'actions':
    case 'context_actions':
      return <Row block={block} elements={fieldsOf(block.elements)} />;
    case 'input':
      return <InputBlock block={block} />;
    case 'section':
      return <Section block={block} />;
    case 'container':
      return <Container block={block} />;
    case 'card': {
      const { actions, ...rest } = block;
      return (
        <>
          <Rendered block={rest} sight={sight} />
          <Row block={block} elements={fieldsOf(actions)} />
        </>
      );
    }
    case 'image':
      return <Picture block={block} />;
    default:
      return <Rendered block={block} sight={sight} />;
  }
}

/** The library knows pictures by their address only, not those that were uploaded. */
function Picture({ block }: { readonly block: Block }) {
  const { sight } = useForm();
  const [file] = fieldsOf([block.slack_file]);
  if (!file) return <Rendered block={block} sight={sight} />;
  const title = words(block.title);
  return (
    <figure className="file">
      {title !== '' && <figcaption className="quiet">{title}</figcaption>}
      <img src={String(file.url ?? `/files-pri/${String(file.id)}/picture`)} alt={String(block.alt_text)} />
    </figure>
  );
}

function Row(props: { readonly block: Block; readonly elements: readonly Fields[] }) {
  if (props.elements.length === 0) return null;
  return (
    <div className="row">
      {props.elements.map((element) => (
        <Control key={String(element.action_id)} element={element} block={props.block} />
      ))}
    </div>
  );
}

function Section({ block }: { readonly block: Block }) {
  const { sight } = useForm();
  const [accessory] = fieldsOf([block.accessory]);
  if (!accessory || !INTERACTIVE.has(String(accessory.type))) return <Rendered block={block} sight={sight} />;
  const { accessory: _, ...rest } = block;
  return (
    <div className="section">
      <Rendered block={rest} sight={sight} />
      <Control element={accessory} block={block} />
    </div>
  );
}

function InputBlock({ block }: { readonly block: Block }) {
  const { errors } = useForm();
  const [element] = fieldsOf([block.element]);
  const error = errors[block.block_id];
  const hint = words(block.hint);
  if (!element) return null;
  return (
    <div className="field" data-block-id={block.block_id}>
      <span className="label" id={`label-${block.block_id}`}>
        {words(block.label)}
        {block.optional === true && <span className="quiet"> (optional)</span>}
      </span>
      <Control element={element} block={block} labelledBy={`label-${block.block_id}`} />
      {error !== undefined && (
        <span className="error" role="alert">
          {error}
        </span>
      )}
      {hint !== '' && <span className="quiet">{hint}</span>}
    </div>
  );
}

function Container({ block }: { readonly block: Block }) {
  const children = fieldsOf(block.child_blocks).map((child, index) => ({
    ...child,
    type: String(child.type),
    block_id: String(child.block_id ?? `${block.block_id}-${index}`),
  }));
  return (
    <details className="container" open={block.default_collapsed !== true}>
      <summary>
        {words(block.title)} <span className="quiet">{words(block.subtitle)}</span>
      </summary>
      <Blocks blocks={children} />
    </details>
  );
}
